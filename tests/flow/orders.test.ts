import { beforeAll, describe, expect, test } from "vitest";
import { db } from "#app/db.server.ts";
import { openApp, type TestApp } from "#tests/app.ts";
import { friend, joinAs, openShop, type Referrer, type Shop } from "./world.ts";

const app = await openApp();
let juniper: Shop;

beforeAll(async () => {
  juniper = await openShop(app, { handle: "juniper" });
});

type Order = Parameters<TestApp["sim"]["client"]["placeOrder"]>[1];

/** Joins, and waits until the code works at the checkout. */
async function referrer(firstName: string, shop = juniper): Promise<Referrer> {
  const joined = await joinAs(app, shop, firstName);
  await app.drain();
  return joined;
}

/** Places an order, and lets everything follow from it. */
async function order(input: Order, { handle } = juniper) {
  const placed = await app.sim.client.placeOrder(handle, input);
  await app.drain();
  return placed;
}

const readOrder = async ({ admin_graphql_api_id: gid }: { admin_graphql_api_id: string }, { domain } = juniper) => {
  const { id: shopId } = await db.shop.findUniqueOrThrow({ where: { domain } });
  return db.orderFacts.findUnique({ where: { shopId_gid: { shopId, gid } }, include: { referral: true } });
};

/** What Klaviyo shows of a referrer. */
async function figures({ email }: Referrer, { klaviyo, account } = juniper) {
  const { properties = {} } = (await klaviyo.profile(account.id, email)) ?? {};
  return {
    count: properties["Passalong Number of Successful Referrals"],
    revenue: properties["Passalong Total Successful Referral Revenue"],
    date: "Passalong Latest Successful Referral Date" in properties,
  };
}

async function eventsOf(email: string, { klaviyo, account } = juniper) {
  return klaviyo.events(account.id, { email });
}

/** A browser without scripts that goes from page to page of the storefront, and posts its forms. */
function browserAt(storefront: string) {
  let cookie = "";
  return async (path: string, form?: Record<string, string>) => {
    const posted = form ? { method: "POST", body: new URLSearchParams(form) } : {};
    const answer = await fetch(storefront + path, { ...posted, redirect: "manual", headers: { cookie } });
    cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    return answer.text();
  };
}

const nothing = { count: 0, revenue: 0, date: false };

describe("what an order brings", () => {
  test("refunded in part it brings less; refunded whole it is taken back, and its coupon with it", async () => {
    const ocean = await referrer("Ocean");
    const { id } = await order({ ...friend("Fern"), discountCode: ocean.code, shipping: 500 });
    expect(await figures(ocean)).toEqual({ count: 1, revenue: 81, date: true });

    await app.sim.client.refundOrder("juniper", id, { amount: 3050 });
    await app.drain();
    expect(await figures(ocean)).toEqual({ count: 1, revenue: 50.5, date: true });

    await app.sim.client.refundOrder("juniper", id);
    await app.drain();
    expect(await figures(ocean)).toEqual(nothing);
    const { properties } = (await eventsOf(ocean.email)).find(({ metric }) => metric.startsWith("Received")) ?? {};
    const coupon = properties?.["Coupon Code"];
    expect(coupon).toMatch(/^THANKS-/);
    const codes = (await app.sim.client.discounts("juniper")).flatMap((discount) => discount.codes);
    expect(codes).toContainEqual({ code: ocean.code, uses: 1 });
    expect(codes).not.toContainEqual(expect.objectContaining({ code: coupon }));
  });

  test("in yen there are no cents, and tax that prices include is not revenue", async () => {
    const kumo = await openShop(app, { handle: "kumo", currency: "JPY", taxesIncluded: true, taxRate: 0.1 });
    const umi = await referrer("Umi", kumo);
    const lines = [{ title: "Tea", price: 4980, quantity: 2 }];
    await order({ ...friend("Ren"), lines, discountCode: umi.code, shipping: 500 }, kumo);
    // 9,960 less 10 % are 8,964, of which 815 are tax.
    expect(await figures(umi, kumo)).toEqual({ count: 1, revenue: 8149, date: true });
    expect(await eventsOf("ren@meadow.shop", kumo)).toMatchObject([
      {
        metric: "Redeemed Passalong Referral Coupon",
        properties: { "Order Discount Amount": 996, "Order Total Price": 9464, "Order Currency": "JPY" },
      },
    ]);
  });

  test("paid in another currency it counts in the shop's", async () => {
    const hazel = await referrer("Hazel");
    await order({ ...friend("Ivy"), discountCode: hazel.code, presentmentCurrency: "EUR", rate: 0.9 });
    expect(await figures(hazel)).toEqual({ count: 1, revenue: 81, date: true });
    expect(await eventsOf("ivy@meadow.shop")).toMatchObject([
      { properties: { "Order Discount Amount": 9, "Order Total Price": 81, "Order Currency": "USD" } },
    ]);
  });

  test("gift cards beside the goods, shipping and tips are no revenue", async () => {
    const river = await referrer("River");
    const lines = [{}, { title: "Gift card", price: 5000, giftCard: true }];
    await order({ ...friend("Moss"), lines, attributes: { _passalong: river.code }, shipping: 700, tip: 300 });
    expect(await figures(river)).toEqual({ count: 1, revenue: 90, date: true });
  });
});

describe("an order finds its referrer", () => {
  test.each<[string, string, string, (code: string) => Order]>([
    ["by the code as people type it", "Alder", "code", (code) => ({ discountCode: ` ${code.toLowerCase()}` })],
    ["by the cart's attribute", "Birch", "attribute", (code) => ({ attributes: { _passalong: code } })],
    ["by the page it began on", "Cedar", "landing", (code) => ({ landingSite: `/products/mug?utm=x&ref=${code}` })],
  ])("%s", async (_how, name, signal, carrying) => {
    const sharing = await referrer(name);
    const placed = await order({ ...friend(`${name}s-friend`), ...carrying(sharing.code) });
    expect((await readOrder(placed))?.referral).toMatchObject({ state: "approved", signal });
    expect(await figures(sharing)).toMatchObject({ count: 1 });
  });

  test("also where the referrer's link is all that it has of them: the friend's browser wrote nothing into the cart", async () => {
    const aster = await referrer("Aster");
    const browse = browserAt(app.sim.urls.storefront("juniper"));
    expect(await browse(`/apps/passalong/${aster.code.toLowerCase()}?utm_source=mail`)).toContain("passalong-page");
    await browse("/cart/add", { id: String((await app.sim.client.products("juniper"))[0]?.variantId) });
    await browse("/checkout", { action: "pay", email: "yarrow@meadow.shop", first_name: "Yarrow" });
    const placed = (await app.sim.client.orders("juniper")).at(-1);
    await app.drain();
    expect(placed).toMatchObject({ email: "yarrow@meadow.shop", note_attributes: [], discount_codes: [] });
    expect((placed && (await readOrder(placed)))?.referral).toMatchObject({ state: "approved", signal: "landing" });
    expect(await figures(aster)).toMatchObject({ count: 1 });
  });

  test("also of a friend who left only a phone number, whom Klaviyo knows by it", async () => {
    const rowan = await referrer("Rowan");
    const placed = await order({ phone: "+12025550143", firstName: "Reed", discountCode: rowan.code });
    expect((await readOrder(placed))?.referral).toMatchObject({ state: "approved" });
    const { klaviyo, account } = juniper;
    const [reed] = (await klaviyo.profiles(account.id)).filter(({ phone_number }) => phone_number === "+12025550143");
    expect(reed).toBeDefined();
  });
});

describe("an order that does not count says why, and nobody is told anything", () => {
  let sage: Referrer;
  beforeAll(async () => {
    sage = await referrer("Sage");
    await app.sim.client.placeOrder("juniper", { ...friend("Basil"), paid: true });
  });

  const gift = { title: "Gift card", price: 5000, giftCard: true };
  test.each<[string, Partial<Order>, string]>([
    ["a test", { test: true }, "test_order"],
    ["made from a draft", { sourceName: "shopify_draft_order" }, "draft_order"],
    ["a subscription's renewal", { sourceName: "subscription_contract" }, "subscription_renewal"],
    ["of gift cards only", { lines: [gift] }, "gift_cards_only"],
    ["of something free", { lines: [{ title: "Sample", price: 0 }] }, "below_minimum"],
    ["of the referrer", { email: "sage@grove.shop" }, "self_referral"],
    ["of the referrer, in capitals", { email: "SAGE@Grove.Shop" }, "self_referral"],
    ["of a returning customer", friend("Basil"), "not_first_order"],
    ["of nobody", { email: null, firstName: null, lastName: null }, "no_buyer"],
  ])("%s", async (_what, input, verdict) => {
    const who = friend(`Stranger-${verdict}`);
    const placed = await order({ ...who, attributes: { _passalong: sage.code }, ...input });
    expect(await readOrder(placed)).toMatchObject({ verdict, referral: null });
    expect(await figures(sage)).toEqual(nothing);
    expect(await eventsOf(who.email)).toEqual([]);
  });
});

describe("an order that is not paid", () => {
  test("counts once it is", async () => {
    const linden = await referrer("Linden");
    const placed = await order({ ...friend("Olive"), discountCode: linden.code, paid: false });
    expect(await readOrder(placed)).toMatchObject({ verdict: "not_paid", referral: null });
    expect(await figures(linden)).toEqual(nothing);
    await app.sim.client.payOrder("juniper", placed.id);
    await app.drain();
    expect(await readOrder(placed)).toMatchObject({ verdict: "approved", referral: { state: "approved" } });
    expect(await figures(linden)).toEqual({ count: 1, revenue: 81, date: true });
  });

  test("and is cancelled never counts", async () => {
    const maple = await referrer("Maple");
    const placed = await order({ ...friend("Heath"), discountCode: maple.code, paid: false });
    await app.sim.client.cancelOrder("juniper", placed.id);
    await app.drain();
    expect(await readOrder(placed)).toMatchObject({ verdict: "cancelled", referral: null });
    expect(await figures(maple)).toEqual(nothing);
  });
});

describe("while Shopify", () => {
  test("throttles us, an order still counts", async () => {
    const willow = await referrer("Willow");
    await app.sim.client.setAdminApiMode({ throttle: 3 });
    await order({ ...friend("Poppy"), discountCode: willow.code });
    expect(await figures(willow)).toEqual({ count: 1, revenue: 81, date: true });
  });

  test("makes no discount codes, a referral counts, and its coupon is told of when there is one", async () => {
    const aspen = await referrer("Aspen");
    await app.sim.client.setAdminApiMode({ fail: { status: 503, times: 1000, operationName: "FindCode" } });
    await order({ ...friend("Clover"), discountCode: aspen.code });
    expect(await figures(aspen)).toEqual({ count: 1, revenue: 81, date: true });
    const told = async () => (await eventsOf(aspen.email)).map(({ metric }) => metric);
    expect(await told()).not.toContain("Received Passalong Referral Coupon");
    await app.sim.client.setAdminApiMode({ fail: null });
    await app.tryAgain();
    expect(await told()).toContain("Received Passalong Referral Coupon");
  });
});
