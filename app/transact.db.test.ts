import { expect, test } from "vitest";
import { db, embedded } from "#app/db.server.ts";
import type { Context } from "#app/domain/context.ts";
import { transact } from "#app/transact.server.ts";
import { makeShop } from "#tests/context.ts";

/** Resolves for everybody, and for whoever comes later, when so many have come. */
function meetingOf(count: number): () => Promise<void> {
  let come = 0;
  let begin = () => {};
  const met = new Promise<void>((resolve) => {
    begin = resolve;
  });
  return () => {
    if (++come === count) begin();
    return met;
  };
}

test("of two decisions that lock the same rows in opposite order, one is run again", async () => {
  const { shop } = await makeShop();
  const people = ["psn_1", "psn_2"].map((id) => ({ shopId: shop.id, id, createdAt: new Date() }));
  await db.person.createMany({ data: people });
  // The embedded database runs transactions one after the other: nobody can be met inside one, and none can deadlock.
  const bothLockedOne = meetingOf(embedded ? 1 : 2);
  const runs: string[] = [];
  const lock = ({ tx }: Context, id: string) =>
    tx.$queryRaw`SELECT 1 FROM "Person" WHERE "shopId" = ${shop.id} AND "id" = ${id} FOR UPDATE`;
  const lockBoth = (first: string, second: string) =>
    transact(shop.id, async (ctx) => {
      runs.push(first);
      await lock(ctx, first);
      await bothLockedOne();
      await lock(ctx, second);
      return first;
    });
  expect(await Promise.all([lockBoth("psn_1", "psn_2"), lockBoth("psn_2", "psn_1")])).toEqual(["psn_1", "psn_2"]);
  // Who is run again may meet the other once more.
  if (embedded) expect(runs).toHaveLength(2);
  else expect(runs.length).toBeGreaterThan(2);
});

test("a raw statement that fails for another reason is an error at once", async () => {
  const { shop } = await makeShop();
  let runs = 0;
  const decision = transact(shop.id, async ({ tx }) => {
    runs++;
    await tx.$queryRaw`SELECT 1 / 0`;
  });
  await expect(decision).rejects.toMatchObject({ code: "P2010" });
  expect(runs).toBe(1);
});
