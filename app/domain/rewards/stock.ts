import type { Coupon } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { couponCode } from "#app/lib/codes.ts";
import { newId } from "#app/lib/ids.ts";
import type { DiscountTerms } from "./discount-terms.ts";
import { discountFor } from "./request-coupon.ts";

/** Codes that work in Shopify and wait for somebody to claim them, per discount. */
const STOCK_LEVEL = 60;
/** When fewer are left, more are asked for. */
export const STOCK_LOW = 50;

/** Takes one code from the stock of those terms and asks for more when few are left; null when there is none. */
export async function takeFromStock(
  ctx: Context,
  terms: DiscountTerms,
  { personId, expiresAt }: { personId: string; expiresAt: Date },
): Promise<Coupon | null> {
  const { shop, tx, now } = ctx;
  const { id: discountId } = await discountFor(ctx, terms);
  const [free] = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Coupon"
     WHERE "shopId" = ${shop.id} AND "discountId" = ${discountId} AND "state" = 'stock'
     ORDER BY "id" LIMIT 1 FOR UPDATE SKIP LOCKED`;
  const left = await tx.coupon.count({ where: { shopId: shop.id, discountId, state: { in: ["stock", "stocking"] } } });
  if (left <= STOCK_LOW) await ctx.ask({ kind: "stock-coupons", discountId });
  if (!free) return null;
  return tx.coupon.update({
    where: { shopId_id: { shopId: shop.id, id: free.id } },
    data: { state: "live", personId, issuedAt: now, expiresAt },
  });
}

/** Makes sure that a program's claims find codes: called when its terms come into force. */
export async function openStock(ctx: Context, terms: DiscountTerms): Promise<void> {
  const { id: discountId } = await discountFor(ctx, terms);
  await ctx.ask({ kind: "stock-coupons", discountId });
}

/**
 * Writes the codes that bring a discount's stock to its level, as `stocking`: the rows stand before Shopify is called.
 * Codes that a job left so (it crashed, or Shopify failed) are given out again first, so that none is made twice.
 * @returns the coupons that are to be added to the discount in Shopify
 */
export async function planStock({ shop, tx, now }: Context, discountId: string, prefix: string): Promise<Coupon[]> {
  await tx.$queryRaw`SELECT 1 FROM "Discount" WHERE "shopId" = ${shop.id} AND "id" = ${discountId} FOR UPDATE`;
  const where = { shopId: shop.id, discountId };
  const stocked = await tx.coupon.count({ where: { ...where, state: "stock" } });
  const stocking = await tx.coupon.count({ where: { ...where, state: "stocking" } });
  const missing = Math.max(0, STOCK_LEVEL - stocked - stocking);
  const planned = Array.from({ length: missing }, () => ({
    ...where,
    id: newId("cpn", now),
    kind: "reward",
    code: couponCode(prefix),
    state: "stocking",
    createdAt: now,
  }));
  if (planned.length > 0) await tx.coupon.createMany({ data: planned });
  return tx.coupon.findMany({ where: { ...where, state: "stocking" }, orderBy: { id: "asc" } });
}

/**
 * Records which planned codes work now, unless their discount was deleted meanwhile; those that Shopify refused are dropped
 * and the next plan makes others.
 */
export async function stockFilled(
  { shop, tx }: Context,
  { added, refused }: { added: readonly string[]; refused: readonly { couponId: string; reason: string }[] },
): Promise<void> {
  await tx.coupon.updateMany({
    where: { shopId: shop.id, id: { in: [...added] }, state: "stocking", discount: { gid: { not: null } } },
    data: { state: "stock" },
  });
  for (const { couponId, reason } of refused) {
    await tx.coupon.updateMany({
      where: { shopId: shop.id, id: couponId, state: "stocking" },
      data: { state: "failed", reason },
    });
  }
}
