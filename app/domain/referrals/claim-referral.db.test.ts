import { beforeEach, describe, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import { couponIssued } from "#app/domain/rewards/coupon-issued.ts";
import { rewardDiscount } from "#app/domain/rewards/discount-terms.ts";
import { expireCoupons } from "#app/domain/rewards/expire-coupons.ts";
import { openStock } from "#app/domain/rewards/stock.ts";
import { buyer, order, refund } from "#tests/builders.ts";
import type { TestShop } from "#tests/context.ts";
import { fillStock, join, shopWithProgram } from "#tests/shop-with-program.ts";
import { approveByMerchant, overruleRejection } from "./approve-by-merchant.ts";
import { claimReferral } from "./claim-referral.ts";
import { recordOrder } from "./record-order.ts";
import { rejectByMerchant } from "./reject-referral.ts";
import { dueReferrals, settleReferral } from "./settle-due.ts";
import { defaultTerms, type ProgramTerms } from "./terms.ts";

const DAY = 86_400_000;

let shop: TestShop;
let code: string;

async function open(terms: Partial<ProgramTerms> = {}) {
  shop = await shopWithProgram(terms);
  code = await join(shop, "Ocean");
  await shop.decide((ctx) => openStock(ctx, rewardDiscount(defaultTerms.recipientReward)));
  await fillStock(shop);
  shop.emitted.length = 0;
  shop.asked.length = 0;
}

const claim = (name = "Fern", linkCode = code) =>
  shop.decide((ctx) =>
    claimReferral(ctx, linkCode, {
      email: `${name}@grove.shop`,
      firstName: name,
      lastName: "Grove",
      locale: "en",
      consent: null,
    }),
  );
const told = () => shop.emitted.map(({ entry }) => entry);
const referral = () => db.referral.findFirstOrThrow({ where: { shopId: shop.shop.id } });
const timeline = async () =>
  (
    await db.referralTransition.findMany({
      where: { shopId: shop.shop.id },
      orderBy: [{ referralId: "asc" }, { seq: "asc" }],
    })
  ).map(({ from, to, cause }) => `${from ?? "·"} → ${to} (${cause})`);
const buys = (changes: Parameters<typeof order>[0] = {}) =>
  shop.decide((ctx) => recordOrder(ctx, { order: order(changes), landingSite: null, earlierPaidOrder: false }));
const settle = async () => {
  const due = await shop.decide((ctx) => dueReferrals(ctx, 100));
  for (const id of due) await shop.decide((ctx) => settleReferral(ctx, id));
};

describe("a friend's claim", () => {
  beforeEach(() => open());

  it("gives a coupon that works at once, and tells both sides", async () => {
    const outcome = await claim();
    expect(outcome).toMatchObject({ kind: "claimed", coupon: expect.stringMatching(/^FRIEND-[2-9A-Z]{10}$/) });
    expect(told()).toEqual(["opted-in.recipient", "link-used.referrer", "received-coupon.recipient"]);
    expect(await db.coupon.findFirst({ where: { shopId: shop.shop.id, state: "live" } })).toMatchObject({
      expiresAt: new Date("2026-12-05T10:00:00.000Z"),
    });
  });

  it("made again, through whatever link, shows the same coupon and tells nobody", async () => {
    const first = await claim();
    const river = await join(shop, "River");
    const before = shop.emitted.length;
    expect(await claim("Fern", river)).toEqual(first);
    expect(shop.emitted).toHaveLength(before);
    expect(await db.referral.count({ where: { shopId: shop.shop.id } })).toBe(1);
  });

  it("with an empty stock brings the coupon by a job, once", async () => {
    await db.coupon.deleteMany({ where: { shopId: shop.shop.id, state: "stock" } });
    expect(await claim()).toMatchObject({ kind: "claimed", coupon: null });
    const task = shop.asked.find(({ kind }) => kind === "issue-coupon");
    if (task?.kind !== "issue-coupon") throw new Error("no coupon was asked for");
    expect(told()).not.toContain("received-coupon.recipient");
    await shop.decide((ctx) => couponIssued(ctx, task.couponId));
    await shop.decide((ctx) => couponIssued(ctx, task.couponId));
    expect(told().filter((entry) => entry === "received-coupon.recipient")).toHaveLength(1);
    expect(await claim()).toMatchObject({ coupon: expect.stringMatching(/^FRIEND-/) });
  });

  it("asks for more codes when few are left", async () => {
    await db.coupon.deleteMany({
      where: {
        shopId: shop.shop.id,
        id: {
          in: (await db.coupon.findMany({ where: { shopId: shop.shop.id, state: "stock" }, take: 20 })).map(
            ({ id }) => id,
          ),
        },
      },
    });
    await claim();
    expect(shop.asked.map(({ kind }) => kind)).toContain("stock-coupons");
  });

  it.each([
    ["the referrer's own address", "Ocean", () => code, "self_referral"],
    ["a code nobody has", "Fern", () => "NOBODY", "unknown_code"],
  ])("with %s is refused", async (_case, name, linkCode, because) => {
    expect(await claim(name, linkCode())).toEqual({ kind: "refused", because });
    expect(await db.referral.count({ where: { shopId: shop.shop.id } })).toBe(0);
  });

  it("by somebody who bought as a friend before is refused", async () => {
    await buys({ discountCodes: [{ code, amount: 900n }], buyer: buyer("Fern", { gid: null }) });
    expect(await claim()).toEqual({ kind: "refused", because: "not_first_order" });
  });

  it("ordered with, redeems the coupon and counts", async () => {
    const outcome = await claim();
    const coupon = outcome.kind === "claimed" ? (outcome.coupon ?? "") : "";
    shop.emitted.length = 0;
    await buys({ discountCodes: [{ code: coupon, amount: 900n }] });
    expect(await timeline()).toEqual([
      "· → claimed (details_left)",
      "claimed → purchased (order_paid)",
      "purchased → approved (hold_ended)",
    ]);
    expect(told()).toEqual(["redeemed-coupon.recipient", "properties.referrer"]);
    expect(await referral()).toMatchObject({ signal: "code", revenue: 9000n });
  });

  it("ordered with without the code counts by the address that claimed", async () => {
    await claim();
    await buys({ buyer: buyer("Fern") });
    expect(await referral()).toMatchObject({ signal: "claim", state: "approved" });
  });

  it("expires with its window, and an order placed in time still counts", async () => {
    await claim();
    shop.pass(61 * DAY);
    await settle();
    expect(await referral()).toMatchObject({ state: "expired" });
    await buys({ placedAt: "2026-12-01T00:00:00Z" });
    expect((await timeline()).slice(1)).toEqual([
      "claimed → expired (window_ended)",
      "expired → purchased (order_paid)",
      "purchased → approved (hold_ended)",
    ]);
  });

  it("an order placed after it expired is nobody's", async () => {
    await claim();
    shop.pass(61 * DAY);
    await settle();
    expect(await buys({ placedAt: "2027-03-01T00:00:00Z" })).toEqual({ kind: "unattributed" });
  });

  it("a coupon is deleted when its time is up", async () => {
    await claim();
    shop.pass(31 * DAY);
    expect(await shop.decide(expireCoupons)).toBe(1);
    expect(await shop.decide(expireCoupons)).toBe(0);
    expect(shop.asked.at(-1)).toMatchObject({ kind: "disable-coupon" });
    expect(await claim()).toEqual({ kind: "refused", because: "coupon_over" });
  });
});

describe("the hold", () => {
  beforeEach(() => open({ holdDays: 14 }));
  const withCode = (changes: Parameters<typeof order>[0] = {}) =>
    buys({ discountCodes: [{ code, amount: 900n }], ...changes });

  it("ends by itself, once", async () => {
    await withCode();
    shop.pass(14 * DAY - 1);
    await settle();
    expect(await referral()).toMatchObject({ state: "purchased" });
    shop.pass(1);
    await settle();
    await settle();
    expect((await timeline()).slice(1)).toEqual(["purchased → approved (hold_ended)"]);
    expect(told().filter((entry) => entry === "properties.referrer")).toHaveLength(1);
  });

  it("a refund before it ends rejects, and says why to both", async () => {
    await withCode();
    await withCode({ refunds: [refund(9000n)], updatedAt: "2026-11-06T00:00:00Z" });
    expect(await referral()).toMatchObject({ state: "rejected", reason: "order_refunded" });
    expect(told().slice(1)).toEqual(["rejected.recipient", "rejected.referrer"]);
    shop.pass(15 * DAY);
    await settle();
    expect(await referral()).toMatchObject({ state: "rejected" });
  });

  it("a referral under review is never approved by time", async () => {
    await withCode();
    const { id } = await referral();
    await db.referral.update({ where: { shopId_id: { shopId: shop.shop.id, id } }, data: { review: "same_address" } });
    shop.pass(15 * DAY);
    await settle();
    expect(await referral()).toMatchObject({ state: "purchased" });
    expect(await shop.decide((ctx) => approveByMerchant(ctx, id))).toEqual({ kind: "done", state: "approved" });
  });

  it("a merchant approves before it ends, and not twice", async () => {
    await withCode();
    const { id } = await referral();
    expect(await shop.decide((ctx) => approveByMerchant(ctx, id))).toEqual({ kind: "done", state: "approved" });
    expect(await shop.decide((ctx) => approveByMerchant(ctx, id))).toEqual({ kind: "refused", because: "wrong_state" });
  });

  it("a merchant rejects silently, and overrules themselves: it is where it was", async () => {
    await withCode();
    const { id } = await referral();
    await shop.decide((ctx) => rejectByMerchant(ctx, id, { reason: "Looks like a relative", notify: false }));
    expect(shop.emitted.at(-1)).toMatchObject({
      payload: {
        "Rejection Reason": "Looks like a relative",
        "Rejection Type": "manual",
        "Should Notify Customer": false,
      },
    });
    expect(await shop.decide((ctx) => overruleRejection(ctx, id))).toEqual({ kind: "done", state: "purchased" });
    shop.pass(15 * DAY);
    await settle();
    expect((await timeline()).slice(1)).toEqual([
      "purchased → rejected (merchant_rejected)",
      "rejected → purchased (merchant_overruled)",
      "purchased → approved (hold_ended)",
    ]);
  });

  it("nobody judges another shop's referral", async () => {
    await withCode();
    const { id } = await referral();
    const cedar = await shopWithProgram();
    expect(await cedar.decide((ctx) => approveByMerchant(ctx, id))).toEqual({
      kind: "refused",
      because: "unknown_referral",
    });
  });
});
