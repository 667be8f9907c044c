import type { Coupon, Person, Referral } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { type ProgramTerms, type RewardTerms, rewardTerms } from "#app/domain/referrals/terms.ts";
import { couponCode } from "#app/lib/codes.ts";
import { newId } from "#app/lib/ids.ts";
import { rewardDiscount } from "./discount-terms.ts";
import { emitReceived } from "./emit-received.ts";
import { claimEnd } from "./expiry.ts";
import { requestCoupon } from "./request-coupon.ts";
import { takeFromStock } from "./stock.ts";

/**
 * Gives the friend of a claimed referral their coupon: at once from stock, or by a job when the stock is empty.
 * @returns the code if it works already
 */
export async function rewardRecipient(
  ctx: Context,
  referral: Referral,
  recipient: Person,
  terms: ProgramTerms,
): Promise<string | null> {
  const { shop, tx, now } = ctx;
  const { recipientReward } = terms;
  const { coupon, given } = await pickCoupon(ctx, recipient.id, recipientReward, claimEnd(terms, now));
  const reward = await tx.reward.create({
    data: {
      ...given,
      shopId: shop.id,
      id: newId("rwd", now),
      referralId: referral.id,
      personId: recipient.id,
      role: "recipient",
      terms: recipientReward,
      createdAt: now,
    },
  });
  if (given.state === "issuing") return null;
  await emitReceived(ctx, { reward, coupon, terms: recipientReward });
  return coupon.code;
}

/**
 * Gives a friend back what a rejection took: another code on the same reward, because the first was asked to be deleted
 * and may be gone. A coupon that was used was never taken.
 */
export async function restoreReward(ctx: Context, referral: Referral, terms: ProgramTerms): Promise<void> {
  const { shop, tx, now } = ctx;
  const revoked = await tx.reward.findUnique({
    where: { shopId_referralId_role: { shopId: shop.id, referralId: referral.id, role: "recipient" } },
  });
  if (revoked?.state !== "revoked") return;
  const promised = rewardTerms.parse(revoked.terms);
  const { coupon, given } = await pickCoupon(ctx, revoked.personId, promised, claimEnd(terms, now));
  const reward = await tx.reward.update({
    where: { shopId_id: { shopId: shop.id, id: revoked.id } },
    data: { ...given, reason: null },
  });
  if (given.state === "issued") await emitReceived(ctx, { reward, coupon, terms: promised });
}

/** A code from stock, which works at once, or else one that a job brings; and what the reward says of it. */
async function pickCoupon(
  ctx: Context,
  personId: string,
  terms: RewardTerms,
  expiresAt: Date,
): Promise<{ coupon: Coupon; given: { state: "issued" | "issuing"; couponId: string; issuedAt: Date | null } }> {
  const discount = rewardDiscount(terms);
  const stocked = await takeFromStock(ctx, discount, { personId, expiresAt });
  if (stocked) return { coupon: stocked, given: { state: "issued", couponId: stocked.id, issuedAt: ctx.now } };
  const code = couponCode(terms.codePrefix);
  const coupon = await requestCoupon(ctx, { personId, kind: "reward", code, terms: discount, expiresAt });
  return { coupon, given: { state: "issuing", couponId: coupon.id, issuedAt: null } };
}
