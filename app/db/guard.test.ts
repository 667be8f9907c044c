import { Prisma } from "@prisma/client";
import { describe, expect, test } from "vitest";
import { demandOneShop, ForgottenShop, UNGUARDED } from "#app/db/guard.ts";

const scoped = { shopId: "shp_a" };
const unscoped = { id: "x" };

/** Queries about one shop, and queries that forgot it. */
const queries: Record<string, { fine: unknown[]; forgotten: unknown[] }> = {
  create: { fine: [{ data: scoped }], forgotten: [{ data: unscoped }, {}] },
  createMany: {
    fine: [{ data: [scoped, scoped] }, { data: scoped }],
    forgotten: [{ data: [scoped, unscoped] }, { data: [scoped, { shopId: "shp_b" }] }, { data: [] }],
  },
  createManyAndReturn: { fine: [{ data: [scoped] }], forgotten: [{ data: [unscoped] }] },
  upsert: {
    fine: [{ where: { shopId_id: scoped }, create: scoped, update: {} }],
    forgotten: [
      { where: unscoped, create: scoped, update: {} },
      { where: { shopId_id: scoped }, create: { shopId: "shp_b" }, update: {} },
      { where: { shopId_id: scoped }, create: scoped, update: { shopId: "shp_b" } },
    ],
  },
  updateMany: {
    fine: [{ where: scoped, data: {} }],
    forgotten: [{ where: scoped, data: { shopId: "shp_b" } }, { data: {} }],
  },
  findMany: {
    fine: [
      { where: scoped },
      { where: { shopId: { equals: "shp_a" } } },
      { where: { shopId_gid: scoped } },
      { where: { AND: [unscoped, scoped] } },
    ],
    forgotten: [
      undefined,
      {},
      { where: unscoped },
      { where: { shopId: "" } },
      { where: { shopId: undefined } },
      { where: { shopId: { not: "shp_a" } } },
      { where: { shopId: { in: ["shp_a", "shp_b"] } } },
      { where: { OR: [scoped, unscoped] } },
      { where: { NOT: scoped } },
      { where: { person: scoped } },
    ],
  },
};
const operations = Object.entries(queries);

const models = Prisma.dmmf.datamodel.models.map((model) => model.name);
const guarded = models.filter((model) => !UNGUARDED.has(model));

describe.each(guarded)("%s", (model) => {
  test.each(operations)("%s must be about one shop", (operation, { fine, forgotten }) => {
    for (const args of fine) expect(() => demandOneShop(model, operation, args)).not.toThrow();
    for (const args of forgotten) expect(() => demandOneShop(model, operation, args)).toThrow(ForgottenShop);
  });
});

test.each([...UNGUARDED.keys()])("%s exists and may be asked about without a shop", (model) => {
  expect(models).toContain(model);
  expect(() => demandOneShop(model, "findMany", {})).not.toThrow();
});
