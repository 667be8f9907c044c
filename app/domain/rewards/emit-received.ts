import type { Coupon, Reward } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { propertiesOf } from "#app/domain/referrals/referrer.ts";
import type { RewardTerms } from "#app/domain/referrals/terms.ts";

/** Tells whose reward it is that their coupon works. */
export async function emitReceived(
  ctx: Context,
  { reward, coupon, terms }: { reward: Reward; coupon: Coupon; terms: RewardTerms },
): Promise<void> {
  const { shop, tx, now } = ctx;
  const told = {
    personId: reward.personId,
    // Another coupon of the same reward is news.
    cause: coupon.id,
    payload: {
      "Coupon Code": coupon.code,
      "Coupon Description": terms.description,
      "Coupon Expiry Date": coupon.expiresAt?.toISOString(),
      "Date Received": now.toISOString(),
    },
  };
  if (reward.role === "recipient") return ctx.emit({ entry: "received-coupon.recipient", ...told });
  const { referrer } = await tx.referral.findUniqueOrThrow({
    where: { shopId_id: { shopId: shop.id, id: reward.referralId } },
    include: { referrer: { include: { person: true } } },
  });
  await ctx.emit({
    entry: "received-coupon.referrer",
    ...told,
    properties: propertiesOf(shop, referrer, referrer.person),
  });
}
