import { beforeEach, expect, test } from "vitest";
import { db } from "#app/db.server.ts";
import { newId } from "#app/lib/ids.ts";
import { makeShop, type TestShop } from "#tests/context.ts";
import { UNAVAILABLE } from "./coupon-issued.ts";
import { discountFor } from "./request-coupon.ts";
import { PATIENCE_MS, sweepCoupons } from "./sweep-coupons.ts";

const NOW = new Date("2026-11-05T10:00:00Z");
let shop: TestShop;
let discountId: string;
beforeEach(async () => {
  shop = await makeShop();
  const value = { type: "percentage", percent: 10 } as const;
  const terms = { value, minimumSpend: null, usageLimit: 1, oncePerCustomer: false };
  ({ id: discountId } = await shop.decide((ctx) => discountFor(ctx, terms)));
});

type Standing = { state: string; kind?: string; reason?: string; removedAt?: Date };

async function coupon(standing: Standing) {
  const id = newId("cpn", NOW);
  const row = { shopId: shop.shop.id, id, discountId, code: id.toUpperCase(), kind: "reward", createdAt: NOW };
  await db.coupon.create({ data: { ...row, ...standing } });
  return id;
}

const sweep = () => shop.decide(sweepCoupons);
const stateOf = async (id: string) =>
  (await db.coupon.findUniqueOrThrow({ where: { shopId_id: { shopId: shop.shop.id, id } } })).state;

test.each<[string, Standing, "disable-coupon" | "issue-coupon" | null, string]>([
  ["an expired code", { state: "expired" }, "disable-coupon", "expired"],
  ["one that was taken back", { state: "disabled" }, "disable-coupon", "disabled"],
  ["an expired code that is gone", { state: "expired", removedAt: NOW }, null, "expired"],
  ["one that was to be made", { state: "issuing" }, "issue-coupon", "issuing"],
  [
    "a referrer's that Shopify did not answer about",
    { state: "failed", kind: "referrer_code", reason: UNAVAILABLE },
    "issue-coupon",
    "issuing",
  ],
  ["a referrer's that Shopify refused", { state: "failed", kind: "referrer_code", reason: "TAKEN" }, null, "failed"],
  ["a reward's, which the merchant asks for again", { state: "failed", reason: UNAVAILABLE }, null, "failed"],
  ["one that works", { state: "live" }, null, "live"],
])("after a job's patience is asked for: %s", async (_case, standing, kind, state) => {
  const id = await coupon(standing);
  shop.pass(PATIENCE_MS + 1);
  await sweep();
  expect(shop.asked).toEqual(kind ? [{ kind, couponId: id }] : []);
  expect(await stateOf(id)).toBe(state);
});

test("a coupon that a job may be at work on is left to it", async () => {
  await coupon({ state: "issuing" });
  shop.pass(PATIENCE_MS);
  await sweep();
  expect(shop.asked).toEqual([]);
});

test("what is not done is asked for again and again, and not every hour", async () => {
  await coupon({ state: "disabled" });
  const asked: number[] = [];
  for (let hour = 0; hour < 30; hour++) {
    await sweep();
    asked.push(shop.asked.length);
    shop.pass(3_600_000);
  }
  expect([asked[0], asked[13], asked[14], asked[29]]).toEqual([1, 1, 2, 3]);
});
