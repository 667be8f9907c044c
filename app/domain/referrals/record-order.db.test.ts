import { beforeEach, describe, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import { couponIssued } from "#app/domain/rewards/coupon-issued.ts";
import { buyer, order, refund } from "#tests/builders.ts";
import { makeShop, type TestShop } from "#tests/context.ts";
import { joinProgram } from "./join-program.ts";
import type { OrderFacts } from "./order-facts.ts";
import { ensureProgram } from "./program.ts";
import { type OrderOutcome, recordOrder } from "./record-order.ts";

describe("an order and the referral it makes", () => {
  let juniper: TestShop;
  let code: string;

  beforeEach(async () => {
    juniper = await makeShop();
    await juniper.decide(ensureProgram);
    code = await join(juniper, "Ocean");
    juniper.emitted.length = 0;
    juniper.asked.length = 0;
  });

  const record = (facts: OrderFacts, earlierPaidOrder: boolean | null = false): Promise<OrderOutcome> =>
    juniper.decide((ctx) => recordOrder(ctx, { order: facts, landingSite: null, earlierPaidOrder }));
  const withCode = (changes: Parameters<typeof order>[0] = {}) =>
    order({ discountCodes: [{ code, amount: 1000n }], ...changes });
  const referrer = () => db.referrer.findFirstOrThrow({ where: { shopId: juniper.shop.id } });
  const timeline = async () =>
    (
      await db.referralTransition.findMany({
        where: { shopId: juniper.shop.id },
        orderBy: [{ referralId: "asc" }, { seq: "asc" }],
      })
    ).map(({ from, to, cause }) => `${from ?? "·"} → ${to} (${cause})`);
  const couponAsked = () => {
    const task = juniper.asked.find(({ kind }) => kind === "issue-coupon");
    return task?.kind === "issue-coupon" ? task.couponId : "";
  };
  const told = () => juniper.emitted.map(({ entry }) => entry);

  it("with the referrer's code counts at once, and owes the referrer a coupon", async () => {
    expect(await record(withCode())).toMatchObject({ kind: "recorded", state: "approved" });

    expect(await timeline()).toEqual(["· → purchased (order_paid)", "purchased → approved (hold_ended)"]);
    expect(await referrer()).toMatchObject({
      successfulCount: 1,
      successfulRevenue: 9000n,
      latestSuccessAt: expect.any(Date),
    });
    expect(told()).toEqual(["redeemed-coupon.recipient", "properties.referrer"]);
    expect(juniper.asked).toEqual([{ kind: "issue-coupon", couponId: expect.stringMatching(/^cpn_/) }]);
  });

  it("tells of the coupon only when it works", async () => {
    await record(withCode());
    await juniper.decide((ctx) => couponIssued(ctx, couponAsked()));
    await juniper.decide((ctx) => couponIssued(ctx, couponAsked()));

    const received = juniper.emitted.filter(({ entry }) => entry === "received-coupon.referrer");
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      payload: {
        "Coupon Code": expect.stringMatching(/^THANKS-[2-9A-Z]{10}$/),
        "Coupon Description": "10% off your next order",
      },
      properties: { "Passalong Number of Successful Referrals": 1, "Passalong Total Successful Referral Revenue": 90 },
    });
  });

  it("by cart attribute counts too, but no coupon was redeemed", async () => {
    await record(order({ attributes: { _passalong: code.toLowerCase() } }));
    expect(told()).toEqual(["properties.referrer"]);
  });

  it("told three times changes nothing twice", async () => {
    for (let i = 0; i < 3; i++) await record(withCode());
    expect(await referrer()).toMatchObject({ successfulCount: 1, successfulRevenue: 9000n });
    expect(told()).toEqual(["redeemed-coupon.recipient", "properties.referrer"]);
    expect(await db.reward.count({ where: { shopId: juniper.shop.id } })).toBe(1);
  });

  it("waits until it is paid", async () => {
    expect(await record(withCode({ paid: false }))).toEqual({ kind: "refused", because: "not_paid" });
    expect(await record(withCode({ updatedAt: "2026-11-05T10:05:00Z" }))).toMatchObject({ state: "approved" });
  });

  it("an older version that arrives late changes nothing", async () => {
    await record(withCode({ updatedAt: "2026-11-05T11:00:00Z" }));
    expect(await record(withCode({ paid: false }))).toEqual({ kind: "stale" });
    expect(await referrer()).toMatchObject({ successfulCount: 1 });
  });

  it("cancelled afterwards takes count, revenue, date and coupon back", async () => {
    await record(withCode());
    await record(withCode({ updatedAt: "2026-11-06T10:00:00Z", cancelledAt: "2026-11-06T10:00:00Z" }));

    expect(await referrer()).toMatchObject({ successfulCount: 0, successfulRevenue: 0n, latestSuccessAt: null });
    expect((await timeline()).at(-1)).toBe("approved → reversed (order_cancelled)");
    expect(juniper.asked.map(({ kind }) => kind)).toEqual(["issue-coupon", "disable-coupon"]);
    expect(juniper.emitted.at(-1)).toMatchObject({ properties: { "Passalong Number of Successful Referrals": 0 } });
  });

  it("a coupon that was taken back while it was being issued never reaches the referrer", async () => {
    await record(withCode());
    await record(withCode({ updatedAt: "2026-11-06T10:00:00Z", cancelledAt: "2026-11-06T10:00:00Z" }));
    await juniper.decide((ctx) => couponIssued(ctx, couponAsked()));
    expect(told()).not.toContain("received-coupon.referrer");
    expect(juniper.asked.map(({ kind }) => kind)).toEqual(["issue-coupon", "disable-coupon", "disable-coupon"]);
  });

  it("refunded in part brings less and still counts; refunded whole it is reversed", async () => {
    await record(withCode());
    await record(withCode({ updatedAt: "2026-11-06T10:00:00Z", refunds: [refund(4000n)] }));
    expect(await referrer()).toMatchObject({ successfulCount: 1, successfulRevenue: 5000n });

    await record(withCode({ updatedAt: "2026-11-07T10:00:00Z", refunds: [refund(4000n), refund(5000n)] }));
    expect(await referrer()).toMatchObject({ successfulCount: 0, successfulRevenue: 0n });
    expect((await timeline()).at(-1)).toBe("approved → reversed (order_refunded)");
  });

  it("the latest date goes back to the referral before", async () => {
    await record(withCode());
    const first = (await referrer()).latestSuccessAt;
    juniper.pass(86_400_000);
    const second = { gid: "gid://shopify/Order/1002", name: "#1002", buyer: buyer("Moss") };
    await record(withCode(second));
    expect((await referrer()).latestSuccessAt).not.toEqual(first);
    await record(withCode({ ...second, cancelledAt: "2026-11-07T00:00:00Z", updatedAt: "2026-11-07T00:00:00Z" }));
    expect(await referrer()).toMatchObject({ successfulCount: 1, latestSuccessAt: first });
  });

  it.each([
    ["the referrer's own order", { buyer: buyer("Ocean") }, false, "self_referral"],
    [
      "the referrer's own address with another customer",
      { buyer: buyer("Ocean", { gid: null }) },
      false,
      "self_referral",
    ],
    ["a returning customer's", {}, true, "not_first_order"],
  ])("%s does not count and says why", async (_case, changes, earlier, because) => {
    expect(await record(withCode(changes), earlier)).toEqual({ kind: "refused", because });
    expect(await db.referral.count({ where: { shopId: juniper.shop.id } })).toBe(0);
    const facts = await db.orderFacts.findFirstOrThrow({ where: { shopId: juniper.shop.id } });
    expect(facts).toMatchObject({ verdict: because, personId: expect.stringMatching(/^per_/) });
  });

  it("a friend's second order is no second referral", async () => {
    await record(withCode({ buyer: buyer("Fern", { gid: null }) }), null);
    const again = withCode({ gid: "gid://shopify/Order/1002", name: "#1002", buyer: buyer("Fern", { gid: null }) });
    expect(await record(again, null)).toEqual({ kind: "refused", because: "not_first_order" });
  });

  it("without a known code is nobody's, and nothing is stored", async () => {
    expect(await record(order({ discountCodes: [{ code: "SUMMER", amount: 500n }] }))).toEqual({
      kind: "unattributed",
    });
    expect(await db.orderFacts.count({ where: { shopId: juniper.shop.id } })).toBe(0);
    expect(await db.person.count({ where: { shopId: juniper.shop.id } })).toBe(1);
  });

  it("another shop's code is worth nothing here", async () => {
    const cedar = await makeShop();
    await cedar.decide(ensureProgram);
    const theirs = await join(cedar, "River");
    expect(await record(order({ discountCodes: [{ code: theirs, amount: 0n }] }))).toEqual({ kind: "unattributed" });
  });

  it("in yen has no cents anywhere", async () => {
    const kumo = await makeShop({ currency: "JPY" });
    await kumo.decide(ensureProgram);
    const kumoCode = await join(kumo, "Umi");
    const yen = order({ currency: "JPY", cents: 12000n, discountCodes: [{ code: kumoCode, amount: 1200n }] });
    await kumo.decide((ctx) => recordOrder(ctx, { order: yen, landingSite: null, earlierPaidOrder: false }));
    expect(kumo.emitted.at(-2)).toMatchObject({ payload: { "Order Discount Amount": 1200, "Order Currency": "JPY" } });
    expect(kumo.emitted.at(-1)).toMatchObject({ properties: { "Passalong Total Successful Referral Revenue": 12000 } });
  });
});

async function join(shop: TestShop, name: string): Promise<string> {
  const outcome = await shop.decide((ctx) => joinProgram(ctx, buyer(name)));
  if (outcome.kind === "refused") throw new Error(outcome.because);
  return outcome.code;
}
