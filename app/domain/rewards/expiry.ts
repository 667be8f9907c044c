import type { ProgramTerms, RewardTerms } from "#app/domain/referrals/terms.ts";

const DAY = 86_400_000;

/** When a coupon issued now stops working; null if never. */
export function expiryOf({ expiresInDays }: RewardTerms, now: Date): Date | null {
  return expiresInDays === null ? null : new Date(now.getTime() + expiresInDays * DAY);
}

/** When a claim made now ends, and its coupon with it: the friend's days to order, or the coupon's if those are fewer. */
export function claimEnd({ claimDays, recipientReward }: ProgramTerms, now: Date): Date {
  const days = Math.min(claimDays, recipientReward.expiresInDays ?? claimDays);
  return new Date(now.getTime() + days * DAY);
}
