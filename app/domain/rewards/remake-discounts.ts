import type { Context } from "#app/domain/context.ts";
import { followTerms } from "#app/domain/referrals/move-codes.ts";
import { rewardTerms } from "#app/domain/referrals/terms.ts";
import { couponCode } from "#app/lib/codes.ts";
import { rewardDiscount } from "./discount-terms.ts";
import { type LockedCoupon, lockCoupon } from "./lock-coupon.ts";
import { requestCoupon } from "./request-coupon.ts";

/**
 * The merchant wants deleted discounts back: the codes that customers have are to work again, those that are owed are
 * made, and the stock is filled.
 * @param termsHashes which of them; all if not given
 */
export async function remakeDiscounts(ctx: Context, termsHashes?: readonly string[]): Promise<void> {
  const { shop, tx, ask } = ctx;
  const deleted = await tx.discount.findMany({
    where: {
      shopId: shop.id,
      deletedAt: { not: null },
      ...(termsHashes ? { termsHash: { in: [...termsHashes] } } : {}),
    },
    include: { coupons: { where: { state: "issuing" }, select: { id: true } } },
  });
  for (const { id: discountId, coupons } of deleted) {
    const row = { shopId: shop.id, id: discountId };
    await tx.discount.update({ where: { shopId_id: row }, data: { deletedAt: null } });
    await ask({ kind: "remake-codes", discountId, after: "" });
    await ask({ kind: "stock-coupons", discountId });
    for (const { id } of coupons) await ask({ kind: "issue-coupon", couponId: id });
  }
  if (deleted.length > 0) await followTerms(ctx);
}

/** Coupons of one discount that are to work in Shopify again, at most so many of them. */
export async function planRemake({ shop, tx }: Context, discountId: string, after: string, most: number) {
  return tx.coupon.findMany({
    where: { shopId: shop.id, discountId, state: "live", id: { gt: after } },
    orderBy: { id: "asc" },
    take: most,
    select: { id: true, code: true },
  });
}

/**
 * Records which codes Shopify would not take again, for the merchant has used them for something else meanwhile: whoever
 * had one as a reward gets another, a referrer's own fails. One that ended while it was made is asked to be deleted. Asks
 * for the codes after these.
 */
export async function codesRemade(
  ctx: Context,
  discountId: string,
  coupons: readonly { readonly id: string; readonly code: string }[],
  refused: ReadonlyMap<string, string>,
): Promise<void> {
  for (const { id, code } of coupons) {
    const reason = refused.get(code);
    const coupon = await lockCoupon(ctx, id);
    if (coupon.state === "expired" || coupon.state === "disabled") await removeAgain(ctx, id);
    else if (reason !== undefined && coupon.state === "live" && coupon.discountId === discountId) {
      await replaceCoupon(ctx, coupon, reason);
    }
  }
  const last = coupons.at(-1);
  if (last) await ctx.ask({ kind: "remake-codes", discountId, after: last.id });
}

/** Records that the codes could not all be made again: the merchant is told as before. */
export async function remakeFailed({ shop, tx, now }: Context, discountId: string): Promise<void> {
  await tx.discount.update({
    where: { shopId_id: { shopId: shop.id, id: discountId } },
    data: { deletedAt: now },
  });
}

async function removeAgain({ shop, tx, ask }: Context, couponId: string): Promise<void> {
  await tx.coupon.update({ where: { shopId_id: { shopId: shop.id, id: couponId } }, data: { removedAt: null } });
  await ask({ kind: "disable-coupon", couponId });
}

async function replaceCoupon(ctx: Context, coupon: LockedCoupon, reason: string): Promise<void> {
  const { shop, tx } = ctx;
  const { id, personId, reward, expiresAt } = coupon;
  await tx.coupon.update({ where: { shopId_id: { shopId: shop.id, id } }, data: { state: "failed", reason } });
  if (!reward || !personId) return;
  const promised = rewardTerms.parse(reward.terms);
  const other = await requestCoupon(ctx, {
    personId,
    kind: "reward",
    code: couponCode(promised.codePrefix),
    terms: rewardDiscount(promised),
    ...(expiresAt ? { expiresAt } : {}),
  });
  await tx.reward.update({
    where: { shopId_id: { shopId: shop.id, id: reward.id } },
    data: { state: "issuing", couponId: other.id, issuedAt: null },
  });
}
