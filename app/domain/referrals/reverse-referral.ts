import type { Referral } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { revokeReward } from "#app/domain/rewards/revoke-reward.ts";
import { emitProperties, lockReferrers } from "./referrer.ts";
import { type Grounds, moveReferral } from "./transition.ts";

/** Takes a successful referral back: count and revenue go down, an unused referrer coupon stops working. */
export async function reverseReferral(ctx: Context, approved: Referral, grounds: Grounds): Promise<Referral> {
  const { shop, tx } = ctx;
  const { referral, transitionId } = await moveReferral(ctx, approved, "reversed", grounds, {
    reason: grounds.cause,
    revenue: 0n,
  });
  await lockReferrers(ctx, [referral.referrerId]);
  const latest = await tx.referral.findFirst({
    where: { shopId: shop.id, referrerId: referral.referrerId, state: "approved" },
    orderBy: { approvedAt: "desc" },
  });
  const { person, ...referrer } = await tx.referrer.update({
    where: { shopId_id: { shopId: shop.id, id: referral.referrerId } },
    data: {
      successfulCount: { decrement: 1 },
      successfulRevenue: { decrement: approved.revenue },
      latestSuccessAt: latest?.approvedAt ?? null,
    },
    include: { person: true },
  });
  await emitProperties(ctx, referrer, person, transitionId);
  await revokeReward(ctx, referral.id, "referrer", grounds.cause);
  return referral;
}
