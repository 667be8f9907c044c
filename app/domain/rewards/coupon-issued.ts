import type { Context } from "#app/domain/context.ts";
import { followTerms } from "#app/domain/referrals/move-codes.ts";
import { lockReferrers } from "#app/domain/referrals/referrer.ts";
import { rewardTerms } from "#app/domain/referrals/terms.ts";
import { emitReceived } from "./emit-received.ts";
import { expiryOf } from "./expiry.ts";
import { lockCoupon } from "./lock-coupon.ts";
import { revokeReward } from "./revoke-reward.ts";

/**
 * Records that a coupon's code works in Shopify, and tells whose reward it is. A coupon that was taken back while it was
 * being issued is asked to be deleted again, one whose time is up by now is taken back or counts its days from now on, a
 * referrer's own code follows terms that changed meanwhile; said twice, nothing happens twice.
 */
export async function couponIssued(ctx: Context, couponId: string): Promise<void> {
  const { shop, tx, now, ask } = ctx;
  await lockItsReferrer(ctx, couponId);
  const coupon = await lockCoupon(ctx, couponId);
  if (coupon.state === "disabled") return ask({ kind: "disable-coupon", couponId });
  if (coupon.state !== "issuing") return;
  const { reward, expiresAt } = coupon;
  const inTime = expiresAt !== null && expiresAt > now;
  if (expiresAt && !inTime && reward && (await stillClaims(ctx, reward.referralId))) {
    return revokeReward(ctx, reward.referralId, "recipient", "window_ended");
  }
  const terms = reward && rewardTerms.parse(reward.terms);
  const live = await tx.coupon.update({
    where: { shopId_id: { shopId: shop.id, id: couponId } },
    data: { state: "live", issuedAt: now, expiresAt: inTime ? expiresAt : terms && expiryOf(terms, now) },
  });
  if (coupon.kind === "referrer_code") await followTerms(ctx);
  if (!reward || !terms) return;
  const issued = await tx.reward.update({
    where: { shopId_id: { shopId: shop.id, id: reward.id } },
    data: { state: "issued", issuedAt: now },
  });
  await emitReceived(ctx, { reward: issued, coupon: live, terms });
}

/** Whether a friend has not ordered: their claim ends with its coupon. One who has is owed a coupon, however late it comes. */
async function stillClaims({ shop, tx }: Context, id: string): Promise<boolean> {
  return (await tx.referral.count({ where: { shopId: shop.id, id, state: "claimed" } })) > 0;
}

/** What is told of a referrer's coupon carries their figures. Before the coupon, as in every decision that has both. */
async function lockItsReferrer(ctx: Context, couponId: string): Promise<void> {
  const { shop, tx } = ctx;
  const reward = await tx.reward.findFirst({
    where: { shopId: shop.id, couponId, role: "referrer" },
    include: { referral: true },
  });
  if (reward) await lockReferrers(ctx, [reward.referral.referrerId]);
}

/** Why a coupon failed that Shopify never answered about: it may be there. */
export const UNAVAILABLE = "shopify_unavailable";

/** Records why a coupon could not be issued; the merchant sees it, and the referral stands. */
export async function couponFailed(ctx: Context, couponId: string, reason: string): Promise<void> {
  const { shop, tx } = ctx;
  const coupon = await lockCoupon(ctx, couponId);
  if (coupon.state !== "issuing") return;
  await tx.coupon.update({
    where: { shopId_id: { shopId: shop.id, id: couponId } },
    data: { state: "failed", reason },
  });
  if (!coupon.reward) return;
  await tx.reward.update({
    where: { shopId_id: { shopId: shop.id, id: coupon.reward.id } },
    data: { state: "failed", reason },
  });
}
