import { describe, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import { defaultTerms } from "#app/domain/referrals/terms.ts";
import { buyer } from "#tests/builders.ts";
import { referralScene } from "#tests/referral-scene.ts";
import { couponIssued } from "./coupon-issued.ts";
import { expireCoupons } from "./expire-coupons.ts";

const DAY = 86_400_000;

describe("a friend's claim and its coupon end together", () => {
  it.each([
    ["when the coupon's days are fewer", 60, 30],
    ["when the claim's days are fewer", 7, 30],
    ["when the coupon has no end of its own", 7, null],
  ])("%s", async (_case, claimDays, expiresInDays) => {
    const recipientReward = { ...defaultTerms.recipientReward, expiresInDays };
    const scene = await referralScene({ claimDays, recipientReward });
    await scene.claim();
    scene.pass(Math.min(claimDays, expiresInDays ?? claimDays) * DAY - 1);
    await scene.settle();
    expect(await scene.decide(expireCoupons)).toBe(0);
    expect(await scene.referral()).toMatchObject({ state: "claimed" });
    scene.pass(1);
    await scene.settle();
    expect(await scene.decide(expireCoupons)).toBe(1);
    expect(await scene.referral()).toMatchObject({ state: "expired" });
  });

  it("also when the code came late", async () => {
    const scene = await referralScene();
    await db.coupon.deleteMany({ where: { shopId: scene.shopId, state: "stock" } });
    await scene.claim();
    scene.pass(DAY);
    const { id } = await db.coupon.findFirstOrThrow({ where: { shopId: scene.shopId, kind: "reward" } });
    await scene.decide((ctx) => couponIssued(ctx, id));
    const { dueAt } = await scene.referral();
    expect(await db.coupon.findFirst({ where: { shopId: scene.shopId, id } })).toMatchObject({
      state: "live",
      expiresAt: dueAt,
    });
  });

  describe("where the code had not come by then", () => {
    /** A claim whose code is still being made. */
    async function waits() {
      const scene = await referralScene();
      await db.coupon.deleteMany({ where: { shopId: scene.shopId, state: "stock" } });
      await scene.claim();
      const where = { shopId: scene.shopId, reward: { role: "recipient" } };
      const coupon = () => db.coupon.findFirstOrThrow({ where, include: { reward: true } });
      const comes = async () => {
        const { id } = await coupon();
        await scene.decide((ctx) => couponIssued(ctx, id));
      };
      return { scene, coupon, comes };
    }

    it("none is owed any more", async () => {
      const { scene, coupon, comes } = await waits();
      scene.pass(30 * DAY);
      await scene.settle();
      await comes();
      expect(await coupon()).toMatchObject({ state: "disabled", reward: { state: "revoked" } });
      expect(scene.told()).not.toContain("received-coupon.recipient");
    });

    it("one that comes in the minute of its end is for nobody", async () => {
      const { scene, coupon, comes } = await waits();
      scene.pass(30 * DAY);
      await comes();
      expect(await coupon()).toMatchObject({ state: "disabled", reward: { state: "revoked" } });
      expect(scene.told()).not.toContain("received-coupon.recipient");
    });

    it("who has ordered meanwhile has all its days from then on", async () => {
      const { scene, coupon, comes } = await waits();
      await scene.buys({ discountCodes: [{ code: scene.code, amount: 900n }], buyer: buyer("Fern", { gid: null }) });
      scene.pass(30 * DAY);
      await scene.settle();
      await comes();
      const { state, issuedAt, expiresAt } = await coupon();
      expect(state).toBe("live");
      expect((expiresAt?.getTime() ?? 0) - (issuedAt?.getTime() ?? 0)).toBe(30 * DAY);
      expect(scene.told()).toContain("received-coupon.recipient");
    });
  });

  it("an order with a code that Shopify still took after that counts", async () => {
    const scene = await referralScene();
    const code = await scene.coupon();
    scene.pass(31 * DAY);
    await scene.settle();
    await scene.decide(expireCoupons);
    const late = { placedAt: "2026-12-06T10:00:30Z", discountCodes: [{ code, amount: 900n }], buyer: buyer("Fern") };
    expect(await scene.buys(late)).toMatchObject({ state: "approved" });
  });
});
