import { expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import { newId } from "#app/lib/ids.ts";
import { buyer } from "#tests/builders.ts";
import { makeShop } from "#tests/context.ts";
import { afterLook } from "#tests/meeting.ts";
import { knowPerson } from "./know-person.ts";

it("somebody who signs up while a decision looks for them makes it start again, not make them twice", async () => {
  const { shop, decide } = await makeShop();
  const fern = { ...buyer("Fern"), gid: null, email: "fern@grove.shop" };
  const meeting = decide((ctx) => {
    const appear = () =>
      ctx.tx.person.create({
        data: { shopId: shop.id, id: newId("per", ctx.now), email: fern.email, createdAt: ctx.now },
      });
    return knowPerson({ ...ctx, tx: afterLook(ctx.tx, "person", "findUnique", appear) }, fern);
  });
  // What transact() answers by running the decision again.
  await expect(meeting).rejects.toMatchObject({ code: "P2002" });
  expect(await decide((ctx) => knowPerson(ctx, fern))).toMatchObject({ email: fern.email });
  expect(await db.person.count({ where: { shopId: shop.id } })).toBe(1);
});
