import { beforeEach, describe, expect, test } from "vitest";
import { db } from "#app/db.server.ts";
import { buyer } from "#tests/builders.ts";
import { makeShop, type TestShop } from "#tests/context.ts";
import { knowPerson } from "./know-person.ts";
import { recordConsent, recordShopifyConsent, type ShopifyConsent } from "./record-consent.ts";

const ocean = buyer("Ocean");
let shop: TestShop;
beforeEach(async () => {
  shop = await makeShop();
  await shop.decide((ctx) => knowPerson(ctx, ocean));
});

const at = (time: string) => new Date(`2026-11-05T${time}Z`);
const subscribed = (time: string): ShopifyConsent => ({ state: "subscribed", at: at(time) });
const unsubscribed = (time: string): ShopifyConsent => ({ state: "unsubscribed", at: at(time) });
const shopifySays = (said: ShopifyConsent | null) =>
  shop.decide((ctx) => recordShopifyConsent(ctx, ocean.gid ?? "", said));

/** What is kept, the latest first: the first one holds. */
async function kept() {
  const order = [{ at: "desc" as const }, { id: "desc" as const }];
  const records = await db.consentRecord.findMany({ where: { shopId: shop.shop.id }, orderBy: order });
  return records.map(({ state, source }) => `${state} (${source})`);
}

describe("what a customer decided in Shopify", () => {
  test("is kept with its own time, once", async () => {
    await shopifySays(subscribed("08:00:00"));
    await shopifySays(subscribed("08:00:00"));
    expect(await db.consentRecord.findMany({ where: { shopId: shop.shop.id } })).toMatchObject([
      { state: "subscribed", source: "shopify", text: null, place: shop.shop.domain, at: at("08:00:00") },
    ]);
  });

  test("holds until they decide otherwise, also within one second", async () => {
    await shopifySays(subscribed("08:00:00"));
    shop.pass(1);
    await shopifySays(unsubscribed("08:00:00"));
    expect(await kept()).toEqual(["unsubscribed (shopify)", "subscribed (shopify)"]);
  });

  test("gives way to what they told us later, however late we hear of it", async () => {
    const { id } = await db.person.findFirstOrThrow({ where: { shopId: shop.shop.id } });
    const form = { channel: "email", state: "subscribed", text: "Yes", place: "claim", source: "claim_form" } as const;
    await shop.decide((ctx) => recordConsent(ctx, id, form, at("09:00:00")));
    for (let times = 0; times < 2; times++) await shopifySays(unsubscribed("08:00:00"));
    expect(await kept()).toEqual(["subscribed (claim_form)", "unsubscribed (shopify)"]);
    await shopifySays(unsubscribed("09:00:01"));
    expect((await kept())[0]).toBe("unsubscribed (shopify)");
  });

  test("is kept again once the address is proved", async () => {
    const { id } = await db.person.findFirstOrThrow({ where: { shopId: shop.shop.id } });
    const tick = { channel: "email", state: "subscribed", text: "Yes", place: "claim" } as const;
    for (const source of ["claim_form", "proved_form", "proved_form"] as const) {
      await shop.decide((ctx) => recordConsent(ctx, id, { ...tick, source }));
      shop.pass(1);
    }
    expect(await kept()).toEqual(["subscribed (proved_form)", "subscribed (claim_form)"]);
  });

  test("is not kept where it is older than what Shopify said already", async () => {
    await shopifySays(unsubscribed("09:00:00"));
    await shopifySays(subscribed("08:00:00"));
    await shopifySays(null);
    expect(await kept()).toEqual(["unsubscribed (shopify)"]);
  });

  test("is not kept of a stranger", async () => {
    await shop.decide((ctx) => recordShopifyConsent(ctx, "gid://shopify/Customer/404", subscribed("08:00:00")));
    expect(await kept()).toEqual([]);
  });
});
