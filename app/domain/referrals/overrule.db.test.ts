import { beforeEach, describe, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import { buyer, refund } from "#tests/builders.ts";
import { type ReferralScene, referralScene } from "#tests/referral-scene.ts";
import { overruleRejection } from "./approve-by-merchant.ts";
import { readReferral } from "./read-referral.ts";
import { rejectByMerchant } from "./reject-referral.ts";

const DAY = 86_400_000;

describe("a merchant who takes a rejection back", () => {
  let scene: ReferralScene;

  beforeEach(async () => {
    scene = await referralScene({ holdDays: 14 });
  });

  const reject = async () => {
    const { id } = await scene.referral();
    await scene.decide((ctx) => rejectByMerchant(ctx, id, { reason: "Looks odd", notify: false }));
    return id;
  };
  const overrule = (id: string) => scene.decide((ctx) => overruleRejection(ctx, id));
  const coupons = async () =>
    (await db.coupon.findMany({ where: { shopId: scene.shopId, kind: "reward", personId: { not: null } } })).map(
      ({ code, state }) => ({ code, state }),
    );

  it("gives the friend a new code for the one that was deleted, and says so", async () => {
    const first = await scene.coupon();
    const id = await reject();
    scene.emitted.length = 0;
    expect(await overrule(id)).toEqual({ kind: "done", state: "claimed" });
    const second = await scene.coupon();
    expect(second).not.toBe(first);
    expect(await coupons()).toEqual(
      expect.arrayContaining([
        { code: first, state: "disabled" },
        { code: second, state: "live" },
      ]),
    );
    expect(scene.emitted).toMatchObject([{ entry: "received-coupon.recipient", payload: { "Coupon Code": second } }]);
    expect(await scene.buys({ discountCodes: [{ code: second, amount: 900n }] })).toMatchObject({
      referralId: id,
      state: "purchased",
    });
  });

  it("leaves a coupon alone that was used", async () => {
    const code = await scene.coupon();
    await scene.buys({ discountCodes: [{ code, amount: 900n }] });
    const id = await reject();
    expect(await overrule(id)).toEqual({ kind: "done", state: "purchased" });
    expect(await coupons()).toEqual([{ code, state: "used" }]);
  });

  it("is refused when the friend has claimed anew", async () => {
    await scene.claim();
    const id = await reject();
    await scene.claim();
    expect(await overrule(id)).toEqual({ kind: "refused", because: "claimed_anew" });
  });

  it("is refused when the order was refunded meanwhile, and nobody is paid for it", async () => {
    const order = { discountCodes: [{ code: scene.code, amount: 900n }], buyer: buyer("Fern") };
    await scene.buys(order);
    const id = await reject();
    await scene.buys({ ...order, refunds: [refund(9000n)], updatedAt: "2026-11-06T10:00:00Z" });
    expect(await overrule(id)).toEqual({ kind: "refused", because: "order_fell" });
    expect(await scene.decide((ctx) => readReferral(ctx, id))).toMatchObject({ can: { overrule: false } });
  });

  it("counts what the order brings by then", async () => {
    const order = { discountCodes: [{ code: scene.code, amount: 900n }], buyer: buyer("Fern") };
    await scene.buys(order);
    const id = await reject();
    await scene.buys({ ...order, refunds: [refund(4000n)], updatedAt: "2026-11-06T10:00:00Z" });
    await overrule(id);
    scene.pass(15 * DAY);
    await scene.settle();
    expect(await scene.referrer()).toMatchObject({ successfulCount: 1, successfulRevenue: 5000n });
  });
});
