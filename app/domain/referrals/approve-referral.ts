import type { Referral } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { rewardDiscount } from "#app/domain/rewards/discount-terms.ts";
import { requestCoupon } from "#app/domain/rewards/request-coupon.ts";
import { couponCode } from "#app/lib/codes.ts";
import { newId } from "#app/lib/ids.ts";
import { emitProperties } from "./referrer.ts";
import type { ProgramTerms } from "./terms.ts";
import { type Grounds, moveReferral } from "./transition.ts";

/**
 * Makes a purchased referral successful: it counts, and the referrer is owed a coupon. The event goes out when the
 * coupon works (rewards/coupon-issued.ts), the figures now.
 */
export async function approveReferral(
  ctx: Context,
  purchased: Referral,
  terms: ProgramTerms,
  grounds: Grounds,
): Promise<Referral> {
  const { shop, tx, now } = ctx;
  const { referral, transitionId } = await moveReferral(ctx, purchased, "approved", grounds, {
    approvedAt: now,
    dueAt: null,
  });
  const { person, ...referrer } = await tx.referrer.update({
    where: { shopId_id: { shopId: shop.id, id: referral.referrerId } },
    data: {
      successfulCount: { increment: 1 },
      successfulRevenue: { increment: referral.revenue },
      latestSuccessAt: now,
    },
    include: { person: true },
  });
  await emitProperties(ctx, referrer, person, transitionId);
  const coupon = await requestCoupon(ctx, {
    personId: person.id,
    kind: "reward",
    code: couponCode(terms.referrerReward.codePrefix),
    terms: rewardDiscount(terms.referrerReward),
  });
  await tx.reward.create({
    data: {
      shopId: shop.id,
      id: newId("rwd", now),
      referralId: referral.id,
      personId: person.id,
      role: "referrer",
      state: "issuing",
      terms: terms.referrerReward,
      couponId: coupon.id,
      createdAt: now,
    },
  });
  return referral;
}
