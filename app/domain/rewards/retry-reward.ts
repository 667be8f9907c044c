import type { Context } from "#app/domain/context.ts";
import type { State } from "#app/domain/referrals/rules.ts";
import { rewardTerms } from "#app/domain/referrals/terms.ts";
import { couponCode } from "#app/lib/codes.ts";
import { UNAVAILABLE } from "./coupon-issued.ts";

/** The states of a referral in which a role's reward is owed. */
const OWED: Record<string, readonly State[]> = {
  referrer: ["approved"],
  recipient: ["claimed", "purchased", "approved"],
};

/** Whether a role's reward is still owed, as its referral now stands. */
export function isOwed(role: string, state: string): boolean {
  return OWED[role]?.includes(state as State) ?? false;
}

/**
 * A merchant asks again for the coupons of a referral that could not be made. A code that Shopify refused is replaced; where
 * Shopify did not answer, it stays, so that one which came through unnoticed is found and not made twice.
 * @returns how many were asked for
 */
export async function retryRewards({ shop, tx, ask }: Context, referralId: string): Promise<number> {
  const failed = await tx.reward.findMany({
    where: { shopId: shop.id, referralId, state: "failed", couponId: { not: null } },
    include: { coupon: true, referral: true },
  });
  let asked = 0;
  for (const { id, role, terms, coupon, referral } of failed) {
    if (!coupon || !isOwed(role, referral.state)) continue;
    const { count } = await tx.reward.updateMany({
      where: { shopId: shop.id, id, state: "failed" },
      data: { state: "issuing", reason: null },
    });
    if (count === 0) continue;
    const code = coupon.reason === UNAVAILABLE ? coupon.code : couponCode(rewardTerms.parse(terms).codePrefix);
    await tx.coupon.update({
      where: { shopId_id: { shopId: shop.id, id: coupon.id } },
      // A coupon that came too late for its claim counts its days from now on.
      data: { state: "issuing", reason: null, code, ...(referral.state === "claimed" ? {} : { expiresAt: null }) },
    });
    await ask({ kind: "issue-coupon", couponId: coupon.id });
    asked++;
  }
  return asked;
}
