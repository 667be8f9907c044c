import { beforeEach, describe, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import type { Context } from "#app/domain/context.ts";
import { recordOrder } from "#app/domain/referrals/record-order.ts";
import { rejectByMerchant } from "#app/domain/referrals/reject-referral.ts";
import { rebuildFigures } from "#app/domain/stats/rebuild.ts";
import { buyer, order } from "#tests/builders.ts";
import { afterLook, whileWaiting } from "#tests/meeting.ts";
import { type ReferralScene, referralScene } from "#tests/referral-scene.ts";
import { couponFailed, couponIssued } from "./coupon-issued.ts";
import { expireCoupons } from "./expire-coupons.ts";

describe("two decisions at once", () => {
  let scene: ReferralScene;

  beforeEach(async () => {
    scene = await referralScene();
  });

  const bought = (name: string, changes: Parameters<typeof order>[0] = {}) =>
    order({
      gid: `gid://shopify/Order/${name}`,
      name: `#${name}`,
      buyer: buyer(name),
      discountCodes: [{ code: scene.code, amount: 900n }],
      ...changes,
    });
  const record = (ctx: Context, facts: ReturnType<typeof order>) =>
    recordOrder(ctx, { order: facts, landingSite: null, earlierPaidOrder: false });
  const cancelled = { cancelledAt: "2026-11-06T10:00:00Z", updatedAt: "2026-11-06T10:00:00Z" };
  const owed = () => db.coupon.findFirstOrThrow({ where: { shopId: scene.shopId, reward: { role: "referrer" } } });

  it("a coupon that is taken back while Shopify makes it stays so, and nobody hears of it", async () => {
    await scene.buys(bought("Fern"));
    const { id } = await owed();
    await scene.decide((ctx) =>
      couponIssued({ ...ctx, tx: whileWaiting(ctx.tx, "Coupon", () => record(ctx, bought("Fern", cancelled))) }, id),
    );
    expect(await owed()).toMatchObject({ state: "disabled" });
    expect(scene.told()).not.toContain("received-coupon.referrer");
  });

  it("a coupon that works does not fail afterwards", async () => {
    await scene.buys(bought("Fern"));
    const { id } = await owed();
    await scene.decide((ctx) => couponIssued(ctx, id));
    await scene.decide((ctx) => couponFailed(ctx, id, "too late"));
    expect(await owed()).toMatchObject({ state: "live", reason: null });
    await scene.decide((ctx) => record(ctx, bought("Fern", cancelled)));
    await scene.decide((ctx) => couponFailed(ctx, id, "too late"));
    expect(await owed()).toMatchObject({ state: "disabled" });
  });

  it("a coupon that is used while it is taken back stays paid", async () => {
    const code = await scene.coupon();
    const { id } = await scene.referral();
    const uses = bought("Moss", { discountCodes: [{ code, amount: 900n }] });
    await scene.decide((ctx) => {
      const use = () =>
        ctx.tx.coupon.updateMany({
          where: { shopId: scene.shopId, code },
          data: { state: "used", orderGid: uses.gid },
        });
      const tx = whileWaiting(ctx.tx, "Coupon", use);
      return rejectByMerchant({ ...ctx, tx }, id, { reason: "Looks odd", notify: false });
    });
    expect(await db.coupon.findFirst({ where: { shopId: scene.shopId, code } })).toMatchObject({ state: "used" });
  });

  it("a coupon that is used in its last minute does not run out", async () => {
    const code = await scene.coupon();
    scene.pass(31 * 86_400_000);
    const ended = await scene.decide((ctx) => {
      const use = () => ctx.tx.coupon.updateMany({ where: { shopId: scene.shopId, code }, data: { state: "used" } });
      return expireCoupons({ ...ctx, tx: afterLook(ctx.tx, "coupon", "findMany", use) });
    });
    expect(ended).toBe(1);
    expect(await db.coupon.findFirst({ where: { shopId: scene.shopId, code } })).toMatchObject({ state: "used" });
    expect(scene.asked.filter(({ kind }) => kind === "disable-coupon")).toEqual([]);
  });

  it("what is told of a coupon carries the figures of everything approved before it", async () => {
    await scene.buys(bought("Fern"));
    const { id } = await owed();
    await scene.decide((ctx) =>
      couponIssued({ ...ctx, tx: whileWaiting(ctx.tx, "Referrer", () => record(ctx, bought("Moss"))) }, id),
    );
    const received = scene.emitted.find(({ entry }) => entry === "received-coupon.referrer");
    expect(received).toMatchObject({ properties: { "Passalong Number of Successful Referrals": 2 } });
  });

  it("figures that are counted anew lose no approval of that moment", async () => {
    await scene.buys(bought("Fern"));
    await db.referrer.updateMany({ where: { shopId: scene.shopId }, data: { successfulCount: 7 } });
    await scene.decide((ctx) =>
      rebuildFigures({ ...ctx, tx: whileWaiting(ctx.tx, "Referrer", () => record(ctx, bought("Moss"))) }),
    );
    expect(await scene.referrer()).toMatchObject({ successfulCount: 2, successfulRevenue: 18_000n });
  });

  it("a referral that is taken back leaves the date of one approved at that moment", async () => {
    await scene.buys(bought("Fern"));
    await scene.decide((ctx) =>
      record(
        { ...ctx, tx: whileWaiting(ctx.tx, "Referrer", () => record(ctx, bought("Moss"))) },
        bought("Fern", cancelled),
      ),
    );
    expect(await scene.referrer()).toMatchObject({ successfulCount: 1, latestSuccessAt: expect.any(Date) });
  });
});

it("a rejection is told to the referrer also of a friend without an address", async () => {
  const scene = await referralScene({ holdDays: 14 });
  const discountCodes = [{ code: scene.code, amount: 900n }];
  await scene.buys({ discountCodes, buyer: buyer("Fern", { email: null }) });
  const { id } = await scene.referral();
  await scene.decide((ctx) => rejectByMerchant(ctx, id, { reason: "Looks odd", notify: true }));
  const told = scene.emitted.find(({ entry }) => entry === "rejected.referrer");
  const payload = { "Rejection Reason": "Looks odd", "Rejection Type": "manual", "Should Notify Customer": true };
  expect(told && { ...told }).toMatchObject({ payload });
  expect(JSON.stringify(told)).not.toContain("Email");
});
