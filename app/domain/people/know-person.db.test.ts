import { expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import { newId } from "#app/lib/ids.ts";
import { buyer } from "#tests/builders.ts";
import { makeShop } from "#tests/context.ts";
import { afterLook } from "#tests/meeting.ts";
import { knowPerson } from "./know-person.ts";
import { mergePeople } from "./merge-people.ts";

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

const lyon = { city: "Lyon", region: "Rhône", country: "France", zip: "69001" };
const monaco = { city: "Monaco", region: null, country: "Monaco", zip: "98000" };

it("somebody's new address takes the place of the old one as a whole; where none is told, it stays", async () => {
  const { decide } = await makeShop();
  const know = (facts: object) => decide((ctx) => knowPerson(ctx, { ...buyer("Ocean"), ...facts }));
  expect(await know({ place: lyon })).toMatchObject(lyon);
  expect(await know({ lastName: "Lake" })).toMatchObject({ lastName: "Lake", ...lyon });
  expect(await know({ place: monaco })).toMatchObject(monaco);
});

it.each([
  ["their own address", monaco, monaco],
  ["the other's, if they have none", undefined, lyon],
])("of two customers that are merged the one who stays has %s", async (_case, place, after) => {
  const { decide, shop } = await makeShop();
  await decide(async (ctx) => {
    const from = await knowPerson(ctx, { ...buyer("River"), place: lyon });
    const into = await knowPerson(ctx, { ...buyer("Ocean"), ...(place && { place }) });
    if (from && into) await mergePeople(ctx, from, into, "merge");
  });
  expect(await db.person.findMany({ where: { shopId: shop.id } })).toMatchObject([after]);
});
