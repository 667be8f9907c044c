import { beforeEach, describe, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import { buyer } from "#tests/builders.ts";
import { type ReferralScene, referralScene } from "#tests/referral-scene.ts";
import { defaultTerms } from "./terms.ts";

describe("new terms of a program and the orders of before", () => {
  let scene: ReferralScene;

  beforeEach(async () => {
    scene = await referralScene();
  });

  it("whoever claimed before them orders under the terms of the claim", async () => {
    await scene.claim();
    scene.pass(5000);
    const description = "Nothing much";
    await scene.changeTerms({
      holdDays: 14,
      minimumOrderRevenue: 50_000,
      referrerReward: { ...defaultTerms.referrerReward, description },
    });
    expect(await scene.buys({ placedAt: "2026-11-06T10:00:00Z", buyer: buyer("Fern") })).toMatchObject({
      state: "approved",
    });
    const reward = await db.reward.findFirstOrThrow({ where: { shopId: scene.shopId, role: "referrer" } });
    expect(reward.terms).toMatchObject({ description: defaultTerms.referrerReward.description });
  });

  it("an order that was refused for good stays refused under looser ones, told again when it ships", async () => {
    const order = { discountCodes: [{ code: scene.code, amount: 900n }] };
    const refused = { kind: "refused", because: "not_first_order" };
    expect(await scene.buys(order, true)).toEqual(refused);
    scene.pass(5000);
    await scene.changeTerms({ firstOrderOnly: false });
    expect(await scene.buys({ ...order, updatedAt: "2026-11-06T10:00:00Z" }, true)).toEqual(refused);
    const later = { gid: "gid://shopify/Order/1002", name: "#1002", placedAt: "2026-11-05T10:00:05Z" };
    expect(await scene.buys({ ...order, ...later }, true)).toMatchObject({ state: "approved" });
  });

  it("an order of before that is paid after them is judged by the old ones, first heard of or not", async () => {
    const order = { discountCodes: [{ code: scene.code, amount: 900n }], cents: 500n };
    await scene.changeTerms({ minimumOrderRevenue: 1000 });
    scene.pass(5000);
    await scene.changeTerms({ minimumOrderRevenue: 1 });
    expect(await scene.buys(order)).toEqual({ kind: "refused", because: "below_minimum" });
    const edited = { ...order, cents: 1500n, updatedAt: "2026-11-06T10:00:00Z" };
    expect(await scene.buys(edited)).toMatchObject({ state: "approved" });
    expect(await scene.referral()).toMatchObject({ programVersion: 2, revenue: 1500n });
  });

  it("a refused order that is paid later redeems the coupon that it used", async () => {
    const code = await scene.coupon();
    const order = { discountCodes: [{ code, amount: 900n }], paid: false };
    expect(await scene.buys(order, true)).toMatchObject({ because: "not_first_order" });
    await scene.buys({ ...order, paid: true, updatedAt: "2026-11-06T10:00:00Z" }, true);
    expect(scene.told().at(-1)).toBe("redeemed-coupon.recipient");
  });
});
