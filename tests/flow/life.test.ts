import { afterAll, describe, expect, test, vi } from "vitest";
import { db } from "#app/db.server.ts";
import { overruleRejection } from "#app/domain/referrals/approve-by-merchant.ts";
import { rejectByMerchant } from "#app/domain/referrals/reject-referral.ts";
import { jobs } from "#app/jobs/index.ts";
import { openApp } from "#tests/app.ts";
import { DAY, openStory, type Story } from "./story.ts";

/** A story is several rounds of webhooks, jobs and deliveries. */
vi.setConfig({ testTimeout: 180_000 });

const app = await openApp();

afterAll(async () => {
  // Whatever happened: what was kept with every step is what the timelines say.
  const said = await jobs["rebuild-figures"].run({}, false);
  expect(String(said)).toContain("kept = told for every referrer");
  expect(String(said)).not.toMatch(/[1-9]\d* differed/);
});

/** What the shop's checkout says to a code. */
const checkout = async (story: Story, name: string, discountCode: string) => {
  try {
    await story.buys(name, { discountCode });
    return "accepted";
  } catch (error) {
    return String(error);
  }
};

describe("a referral's life", () => {
  test("claim with a coupon from stock, order, hold, approval, two coupons for the referrer, a refund", async () => {
    const story = await openStory(app, "oak", { holdDays: 14 });
    const { code } = await story.joins("Ocean");
    expect((await story.codesInShopify()).length).toBeGreaterThanOrEqual(51);

    const coupon = await story.claims("Fern", code);
    expect(await story.codesInShopify()).toContain(coupon);
    const order = await story.buys("Fern", { discountCode: coupon });
    expect(order.total_discounts).toBe("9.00");
    expect(await story.referrals()).toMatchObject([{ state: "purchased", signal: "code", revenue: 8100n }]);

    await story.pass(13 * DAY);
    expect(await story.referrals()).toMatchObject([{ state: "purchased" }]);
    await story.pass(DAY);
    expect(await story.referrals()).toMatchObject([{ state: "approved" }]);
    const [first] = await story.coupons({ kind: "reward", state: "live" });
    expect(await checkout(story, "Ocean", first?.code ?? "")).toBe("accepted");

    const second = await story.claims("Moss", code);
    await story.buys("Moss", { discountCode: second });
    await story.pass(14 * DAY);
    const [another] = await story.coupons({ kind: "reward", state: "live" });
    expect(await checkout(story, "Ocean", another?.code ?? "")).toBe("accepted");

    await app.sim.client.refundOrder(story.handle, order.id);
    await app.drain();
    expect((await story.referrals()).map(({ state }) => state)).toEqual(["reversed", "approved"]);
    expect(await story.referrers()).toMatchObject([{ successfulCount: 1, successfulRevenue: 8100n }]);
    expect((await story.timeline()).slice(0, 4)).toEqual([
      "· → claimed (details_left)",
      "claimed → purchased (order_paid)",
      "purchased → approved (hold_ended)",
      "approved → reversed (order_refunded)",
    ]);
    expect((await story.told()).sort()).toEqual(
      [
        "Opted In to Passalong Referrals", // Ocean
        ...Array(2).fill("Opted In to Passalong Referrals"),
        ...Array(2).fill("Passalong Shareable Link Used"),
        ...Array(4).fill("Received Passalong Referral Coupon"),
        ...Array(4).fill("Redeemed Passalong Referral Coupon"),
      ].sort(),
    );
  });

  test("rejected in silence and overruled, it is where it was; the hold goes on", async () => {
    const story = await openStory(app, "ash", { holdDays: 7 });
    const { code } = await story.joins("Ocean");
    await story.buys("Fern", { discountCode: await story.claims("Fern", code) });
    const [{ id } = { id: "" }] = await story.referrals();
    await story.decide((ctx) => rejectByMerchant(ctx, id, { reason: "A friend of staff", notify: false }));
    await app.drain();
    const rejections = await story.klaviyo.events(story.account.id, { metric: "Passalong Referral Rejected" });
    expect(rejections.map(({ properties }) => properties["Should Notify Customer"])).toEqual([false, false]);
    await story.pass(7 * DAY);
    expect(await story.referrals()).toMatchObject([{ state: "rejected" }]);
    await story.decide((ctx) => overruleRejection(ctx, id));
    await story.pass(0);
    expect(await story.referrals()).toMatchObject([{ state: "approved" }]);
  });

  test("a claim that runs out expires with its code, which the checkout then refuses", async () => {
    const story = await openStory(app, "elm");
    const { code } = await story.joins("Ocean");
    const coupon = await story.claims("Fern", code);
    await story.pass(30 * DAY);
    expect(await story.codesInShopify()).not.toContain(coupon);
    expect(await checkout(story, "Fern", coupon)).toContain("Enter a valid discount code");
    await story.pass(30 * DAY);
    expect(await story.referrals()).toMatchObject([{ state: "expired" }]);
  });

  test("an order cancelled in the hold is rejected; after it, it takes the reward back", async () => {
    const story = await openStory(app, "yew", { holdDays: 7 });
    const { code } = await story.joins("Ocean");
    const early = await story.buys("Fern", { discountCode: await story.claims("Fern", code) });
    const late = await story.buys("Moss", { discountCode: await story.claims("Moss", code) });
    await app.sim.client.cancelOrder(story.handle, early.id);
    await app.drain();
    await story.pass(7 * DAY);
    expect((await story.referrals()).map(({ state }) => state)).toEqual(["rejected", "approved"]);
    const [reward] = await story.coupons({ kind: "reward", state: "live" });
    expect(await story.codesInShopify()).toContain(reward?.code);
    await app.sim.client.cancelOrder(story.handle, late.id, { refund: true });
    await app.drain();
    expect((await story.referrals()).map(({ state }) => state)).toEqual(["rejected", "reversed"]);
    expect(await story.codesInShopify()).not.toContain(reward?.code);
  });

  test("a refund whose webhook never came is seen before the hold pays, and nothing is paid while Shopify is down", async () => {
    const story = await openStory(app, "larch", { holdDays: 7 });
    const { code } = await story.joins("Ocean");
    const refunded = await story.buys("Fern", { discountCode: await story.claims("Fern", code) });
    await story.buys("Moss", { discountCode: await story.claims("Moss", code) });
    await app.sim.client.setWebhookMode({ dropShare: 1 });
    await app.sim.client.refundOrder(story.handle, refunded.id);
    await app.drain();
    await app.sim.client.setWebhookMode({ dropShare: 0 });
    const states = async () => (await story.referrals()).map(({ state }) => state);
    expect(await states()).toEqual(["purchased", "purchased"]);

    await app.sim.client.setAdminApiMode({ fail: { status: 503, times: 100, operationName: "Order" } });
    await expect(story.pass(7 * DAY)).rejects.toThrow("failed for 1 of 1");
    expect(await states()).toEqual(["purchased", "purchased"]);
    await app.sim.client.setAdminApiMode({ fail: null });
    await story.pass(0);
    expect(await states()).toEqual(["rejected", "approved"]);
    expect(await story.coupons({ kind: "reward", state: "live" })).toHaveLength(1);
  });

  test("refunds in part change the revenue only, until too little is left", async () => {
    const story = await openStory(app, "fir", { minimumOrderRevenue: 5000 });
    const { code } = await story.joins("Ocean");
    const two = { lines: [{ title: "Mug", price: 9000, quantity: 2 }] };
    const order = await story.buys("Fern", { ...two, discountCode: await story.claims("Fern", code) });
    const refund = async (input: Parameters<typeof app.sim.client.refundOrder>[2]) => {
      await app.sim.client.refundOrder(story.handle, order.id, input);
      await app.drain();
      return (await story.referrals())[0];
    };
    expect(await refund({ lines: [{ lineId: order.line_items[0]?.id, quantity: 1 }] })).toMatchObject({
      state: "approved",
      revenue: 8100n,
    });
    expect(await refund({ amount: 1000, transactionStatus: "FAILURE" })).toMatchObject({ revenue: 8100n });
    expect(await refund({ amount: 1100 })).toMatchObject({ state: "approved", revenue: 7000n });
    expect(await story.referrers()).toMatchObject([{ successfulCount: 1, successfulRevenue: 7000n }]);
    expect(await refund({ amount: 2001 })).toMatchObject({ state: "reversed" });
    expect(await story.referrers()).toMatchObject([{ successfulCount: 0, successfulRevenue: 0n }]);
  });

  test("an edit changes the revenue too, the money for it not a second time, and below the minimum it falls", async () => {
    const story = await openStory(app, "bay", { minimumOrderRevenue: 5000 });
    const { code } = await story.joins("Ocean");
    const two = { lines: [{ title: "Mug", price: 9000, quantity: 2 }] };
    const order = await story.buys("Fern", { ...two, discountCode: await story.claims("Fern", code) });
    const lineId = order.line_items[0]?.id;
    const referralAfter = async (change: Promise<unknown>) => {
      await change;
      await app.drain();
      return (await story.referrals())[0];
    };
    const { client } = app.sim;
    expect(
      await referralAfter(client.editOrder(story.handle, order.id, { remove: [{ lineId, quantity: 1 }] })),
    ).toMatchObject({
      revenue: 8100n,
    });
    expect(await referralAfter(client.refundOrder(story.handle, order.id, { amount: 8100 }))).toMatchObject({
      revenue: 8100n,
    });
    const add = [{ title: "Saucer", price: 1000 }];
    expect(await referralAfter(client.editOrder(story.handle, order.id, { add }))).toMatchObject({ revenue: 9100n });
    expect(await referralAfter(client.editOrder(story.handle, order.id, { remove: [{ lineId }] }))).toMatchObject({
      state: "reversed",
    });
  });

  test("who bought long ago, in orders that we may not see, is no new customer", async () => {
    const story = await openStory(app, "sal");
    const { code } = await story.joins("Ocean");
    await story.buys("Fern");
    await story.pass(61 * DAY);
    await story.buys("Fern", { discountCode: code });
    await story.buys("Moss", { test: true });
    await story.buys("Moss", { discountCode: code });
    expect(await db.orderFacts.findMany({ where: { shopId: story.shopId }, orderBy: { gid: "asc" } })).toMatchObject([
      { verdict: "not_first_order" },
      { verdict: "approved" },
    ]);
  });

  test.each([
    ["free shipping", { type: "free_shipping" as const }, null, { shipping: 500 }, { total_price: "90.00" }],
    ["a fixed amount", { type: "fixed" as const, minor: 1500 }, null, {}, { total_discounts: "15.00" }],
    [
      "a percentage from a minimum",
      { type: "percentage" as const, percent: 25 },
      9000,
      {},
      { subtotal_price: "67.50" },
    ],
  ])("the friend's reward can be %s", async (what, value, minimumSpend, order, expected) => {
    const story = await openStory(app, `kind-${what.replaceAll(" ", "-")}`, {
      recipientReward: { value, minimumSpend, expiresInDays: 30, codePrefix: "HELLO", description: what },
    });
    const { code } = await story.joins("Ocean");
    const coupon = await story.claims("Fern", code);
    if (minimumSpend) {
      const small = { discountCode: coupon, lines: [{ title: "Spoon", price: 500 }] };
      await expect(story.buys("Fern", small)).rejects.toThrow("minimum requirement");
    }
    expect(await story.buys("Fern", { ...order, discountCode: coupon })).toMatchObject(expected);
    expect(await story.referrals()).toMatchObject([{ state: "approved", signal: "code" }]);
    await story.pass(30 * DAY);
    expect(await checkout(story, "Moss", coupon)).toContain("usage limit");
  });
});
