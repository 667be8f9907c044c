import { beforeEach, describe, expect, test } from "vitest";
import { ForgottenShop, UNGUARDED } from "#app/db/guard.ts";
import { db, pool } from "#app/db.server.ts";
import { emptyTables } from "#tests/database.ts";

const now = new Date("2026-11-21T12:00:00Z");

describe("the guarded client", () => {
  beforeEach(async () => {
    await emptyTables();
    for (const id of ["shp_a", "shp_b"]) {
      await db.shop.create({ data: { id, domain: `${id}.myshopify.com`, installedAt: now } });
      await db.person.create({ data: { shopId: id, id: "per_1", createdAt: now } });
    }
  });

  test("answers queries about one shop, in and out of transactions", async () => {
    expect(await db.person.count({ where: { shopId: "shp_a" } })).toBe(1);
    const found = await db.$transaction((tx) =>
      tx.person.findUnique({ where: { shopId_id: { shopId: "shp_a", id: "per_1" } }, include: { shop: true } }),
    );
    expect(found?.shop.id).toBe("shp_a");
  });

  test("throws instead of asking about every shop", async () => {
    await expect(db.person.findMany()).rejects.toThrow(ForgottenShop);
    await expect(db.person.deleteMany({ where: { shopId: undefined } })).rejects.toThrow(ForgottenShop);
    await expect(db.$transaction((tx) => tx.person.updateMany({ data: { email: null } }))).rejects.toThrow(
      "Person.updateMany is not about one shop",
    );
    expect(await db.person.count({ where: { shopId: "shp_b" } })).toBe(1);
  });

  test("refuses a reference to another shop's row, whoever writes it", async () => {
    await db.program.create({
      data: { shopId: "shp_a", id: "prg_1", kind: "referral", state: "live", version: 1, createdAt: now },
    });
    const data = { id: "rfr_1", programId: "prg_1", personId: "per_1", code: "ADA", joinedAt: now, currency: "USD" };
    await db.referrer.create({ data: { ...data, shopId: "shp_a" } });
    await expect(db.referrer.create({ data: { ...data, shopId: "shp_b" } })).rejects.toMatchObject({ code: "P2003" });
  });
});

test("every table below a shop has shopId first in its key, and in every reference", async () => {
  const { rows } = await pool.query<{ name: string; kind: string; table: string; columns: string[] }>(
    `SELECT c.conname AS name, c.contype AS kind, t.relname AS table,
       (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(c.conkey) WITH ORDINALITY AS k(attnum, place)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum) AS columns
     FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
     WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('p', 'f') AND t.relname <> '_prisma_migrations'`,
  );
  const wrong = rows.filter(({ table, columns }) => !UNGUARDED.has(table) && columns[0] !== "shopId");
  expect(wrong).toEqual([]);
  expect(rows.length).toBeGreaterThan(40);
});
