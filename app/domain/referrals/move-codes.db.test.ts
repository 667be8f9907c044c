import { beforeEach, describe, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import { couponFailed, couponIssued } from "#app/domain/rewards/coupon-issued.ts";
import type { TestShop } from "#tests/context.ts";
import { join, shopWithProgram } from "#tests/shop-with-program.ts";
import { codesMoved, planMove } from "./move-codes.ts";
import { defaultTerms } from "./terms.ts";
import { updateProgram } from "./update-program.ts";

let shop: TestShop;
beforeEach(async () => {
  shop = await shopWithProgram();
});

const couponOf = (code: string) =>
  db.coupon.findUniqueOrThrow({
    where: { shopId_code: { shopId: shop.shop.id, code } },
    include: { discount: true },
  });

/** Somebody joins, and their code works in Shopify. */
async function shares(name: string): Promise<string> {
  const code = await join(shop, name);
  const { id } = await couponOf(code);
  await shop.decide((ctx) => couponIssued(ctx, id));
  return code;
}

/** The friends get so much from now on; gives what was asked for. */
async function friendsGet(percent: number): Promise<string[]> {
  const recipientReward = { ...defaultTerms.recipientReward, value: { type: "percentage", percent } };
  return asking(() => shop.decide((ctx) => updateProgram(ctx, { ...defaultTerms, recipientReward })));
}

async function asking(decision: () => Promise<unknown>): Promise<string[]> {
  shop.asked.length = 0;
  await decision();
  return shop.asked.map(({ kind }) => kind);
}

const plan = () => shop.decide(planMove);
const moved = (discountId: string, working: string[], refused: [string, string][] = []) =>
  asking(() => shop.decide((ctx) => codesMoved(ctx, discountId, { working, refused: new Map(refused) })));

describe("referrers' own codes", () => {
  it("are asked to follow terms that give friends something else", async () => {
    await shares("Ocean");
    expect(await friendsGet(5)).toEqual(["stock-coupons", "move-codes"]);
  });

  it("stay where they are when friends get the same", async () => {
    await shares("Ocean");
    const terms = { ...defaultTerms, holdDays: 14 };
    expect(await asking(() => shop.decide((ctx) => updateProgram(ctx, terms)))).toEqual(["stock-coupons"]);
    expect(await plan()).toBeNull();
  });

  it("are written down as moving first, and as live in the other discount once they are there", async () => {
    const code = await shares("Ocean");
    await friendsGet(5);
    const move = await plan();
    expect(move?.codes).toEqual([code]);
    expect(await couponOf(code)).toMatchObject({ state: "moving", discount: { title: "Passalong: 10% for friends" } });
    expect(await plan()).toEqual(move);
    expect(await moved(move?.discountId ?? "", [code])).toEqual([]);
    expect(await couponOf(code)).toMatchObject({ state: "live", discount: { title: "Passalong: 5% for friends" } });
    expect(await plan()).toBeNull();
  });

  it("are planned again when the terms change back while they are under way", async () => {
    const code = await shares("Ocean");
    const before = await couponOf(code);
    await friendsGet(5);
    await plan();
    expect(await friendsGet(10)).toContain("move-codes");
    expect(await plan()).toEqual({ discountId: before.discountId, codes: [code] });
  });

  it("that moved to terms no longer in force are asked to move on", async () => {
    const code = await shares("Ocean");
    await friendsGet(5);
    const move = await plan();
    await friendsGet(20);
    expect(await moved(move?.discountId ?? "", [code])).toEqual(["move-codes"]);
  });

  it("that Shopify refused say why, and are left alone from then on", async () => {
    const code = await shares("Ocean");
    await friendsGet(5);
    const move = await plan();
    expect(await moved(move?.discountId ?? "", [], [[code, "TAKEN"]])).toEqual([]);
    expect(await couponOf(code)).toMatchObject({ state: "failed", reason: "TAKEN" });
    expect(await friendsGet(20)).toEqual(["stock-coupons"]);
  });

  it("that were asked for under earlier terms follow as soon as they work", async () => {
    const code = await join(shop, "Ocean");
    const { id } = await couponOf(code);
    expect(await friendsGet(5)).toEqual(["stock-coupons"]);
    expect(await asking(() => shop.decide((ctx) => couponIssued(ctx, id)))).toEqual(["move-codes"]);
  });

  it("that never worked need not move", async () => {
    const { id } = await couponOf(await join(shop, "Ocean"));
    await shop.decide((ctx) => couponFailed(ctx, id, "TAKEN"));
    expect(await friendsGet(5)).toEqual(["stock-coupons"]);
  });

  it("move a hundred at a time", async () => {
    const { discountId, createdAt } = await couponOf(await shares("Ocean"));
    await db.coupon.createMany({
      data: Array.from({ length: 104 }, (_, i) => ({
        shopId: shop.shop.id,
        id: `cpn_${i}`,
        discountId,
        kind: "referrer_code",
        code: `GROVE-${i}`,
        state: "live",
        createdAt,
      })),
    });
    await friendsGet(5);
    const first = await plan();
    expect(first?.codes).toHaveLength(100);
    expect(await moved(first?.discountId ?? "", first?.codes ?? [])).toEqual(["move-codes"]);
    const second = await plan();
    expect(second?.codes).toHaveLength(5);
    expect(await moved(second?.discountId ?? "", second?.codes ?? [])).toEqual([]);
  });
});
