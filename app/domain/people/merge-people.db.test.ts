import { beforeEach, describe, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import { couponIssued } from "#app/domain/rewards/coupon-issued.ts";
import { buyer } from "#tests/builders.ts";
import { type ReferralScene, referralScene } from "#tests/referral-scene.ts";
import { join } from "#tests/shop-with-program.ts";
import { knowPerson } from "./know-person.ts";
import { mergePeople } from "./merge-people.ts";

describe("two customers who are merged", () => {
  let scene: ReferralScene;

  beforeEach(async () => {
    scene = await referralScene({ holdDays: 14 });
  });

  const merge = (from: string, into: string) =>
    scene.decide(async (ctx) => {
      const [gone, kept] = [await knowPerson(ctx, buyer(from)), await knowPerson(ctx, buyer(into))];
      if (gone && kept) await mergePeople(ctx, gone, kept, "merge");
    });

  it.each([
    ["the later into the earlier claimant", "Moss", "Fern"],
    ["the earlier into the later claimant", "Fern", "Moss"],
  ])("%s: the earlier claim stays, with its coupon", async (_case, from, into) => {
    const first = await scene.coupon("Fern");
    scene.pass(1000);
    const second = await scene.coupon("Moss");
    await merge(from, into);
    expect((await scene.timeline()).at(-1)).toBe("claimed → expired (customers_merged)");
    const coupons = await db.coupon.findMany({ where: { shopId: scene.shopId, code: { in: [first, second] } } });
    expect(Object.fromEntries(coupons.map(({ code, state }) => [code, state]))).toEqual({
      [first]: "live",
      [second]: "disabled",
    });
    expect(await scene.claim(into)).toMatchObject({ kind: "claimed", coupon: first });
  });

  it.each([
    ["the friend into the referrer", "Fern", "Ocean"],
    ["the referrer into the friend", "Ocean", "Fern"],
  ])("%s: they are no referral any more", async (_case, from, into) => {
    await scene.buys({ discountCodes: [{ code: scene.code, amount: 900n }], buyer: buyer("Fern") });
    await merge(from, into);
    expect(await scene.referral()).toMatchObject({ state: "rejected", reason: "self_referral" });
    const person = await db.person.findFirstOrThrow({ where: { shopId: scene.shopId } });
    const rejections = scene.emitted.filter(({ entry }) => entry.startsWith("rejected."));
    expect(rejections.map(({ personId }) => personId)).toEqual([person.id, person.id]);
    scene.pass(15 * 86_400_000);
    await scene.settle();
    expect(await scene.referrer()).toMatchObject({ successfulCount: 0 });
  });

  it.each([
    ["the referrer into another referrer", true],
    ["the referrer into somebody who has not joined", false],
  ])("%s: their properties are told of the one who stays", async (_case, joined) => {
    if (joined) await join(scene, "Moss");
    scene.emitted.length = 0;
    await merge("Ocean", "Moss");
    const { id } = await db.person.findFirstOrThrow({ where: { shopId: scene.shopId } });
    const { code } = await scene.referrer();
    expect(scene.emitted).toMatchObject([
      {
        entry: "properties.referrer",
        personId: id,
        properties: { "Passalong Referral Code": code, "Passalong Given Name": "Moss" },
      },
    ]);
  });

  it("one of whom claimed by the other's link: the coupon is taken back", async () => {
    const code = await scene.coupon("Fern");
    await merge("Fern", "Ocean");
    expect(await scene.referral()).toMatchObject({ state: "rejected", reason: "self_referral" });
    const coupon = await db.coupon.findFirstOrThrow({ where: { shopId: scene.shopId, code } });
    expect(coupon).toMatchObject({ state: "disabled" });
    await scene.decide((ctx) => couponIssued(ctx, coupon.id));
    expect(scene.asked.filter(({ kind }) => kind === "disable-coupon")).toHaveLength(2);
  });
});
