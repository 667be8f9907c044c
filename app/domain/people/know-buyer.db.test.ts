import { beforeEach, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import type { Buyer } from "#app/domain/referrals/order-facts.ts";
import { buyer } from "#tests/builders.ts";
import { makeShop, type TestShop } from "#tests/context.ts";
import { knowBuyer } from "./know-buyer.ts";
import { knowPerson } from "./know-person.ts";

const OCEANS = { email: "ocean@grove.shop", phone: "+15550100" };
const GIFTS = { email: "gift@meadow.shop", phone: "+15550199" };
const NONE = { email: null, phone: null };

let shop: TestShop;
beforeEach(async () => {
  shop = await makeShop();
});

/** Ocean orders, who has that as their own, and gives the contact of somebody who gets a gift. */
const orders = (own: Buyer["own"], contact = GIFTS) =>
  shop.decide((ctx) => knowBuyer(ctx, buyer("Ocean", { ...contact, ...(own && { own }) })));

it.each([
  ["they have their own", OCEANS],
  ["their own is not told", undefined],
  ["Shopify has none any more", NONE],
])("a customer whom we know is reached where they were, whatever an order gives: %s", async (_case, own) => {
  await shop.decide((ctx) => knowPerson(ctx, buyer("Ocean", OCEANS)));
  expect(await orders(own)).toMatchObject(OCEANS);
});

it("a customer whose own address is another by now is reached there", async () => {
  await shop.decide((ctx) => knowPerson(ctx, buyer("Ocean", OCEANS)));
  const own = { email: "ocean@lake.shop", phone: "+15550101" };
  expect(await orders(own)).toMatchObject(own);
});

it("a customer whom we did not know is reached at their own address, not at an order's", async () => {
  expect(await orders(OCEANS)).toMatchObject(OCEANS);
});

it("a customer who has no address is reached at the one of the first order that gives one", async () => {
  await shop.decide((ctx) => knowPerson(ctx, buyer("Ocean", NONE)));
  expect(await orders(NONE)).toMatchObject(GIFTS);
  expect(await orders(NONE, OCEANS)).toMatchObject(GIFTS);
  expect(await orders(OCEANS)).toMatchObject(OCEANS);
});

it("a guest who claimed and signed up since is that customer, whatever contact their order gives", async () => {
  const guest = await shop.decide((ctx) => knowPerson(ctx, buyer("Ocean", { ...OCEANS, gid: null })));
  expect(await orders(OCEANS)).toMatchObject({ ...OCEANS, id: guest?.id, gid: buyer("Ocean").gid });
});

it("whoever gets the gift, and is a guest of ours, stays somebody else", async () => {
  const friend = await shop.decide((ctx) => knowPerson(ctx, buyer("Fern", { ...GIFTS, gid: null })));
  const ocean = await orders(OCEANS);
  expect(ocean?.id).not.toBe(friend?.id);
  expect(await db.person.count({ where: { shopId: shop.shop.id } })).toBe(2);
});
