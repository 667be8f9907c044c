import type { RewardTerms } from "#app/domain/referrals/terms.ts";

const DAY = 86_400_000;

/** When a coupon issued now stops working; null if never. */
export function expiryOf({ expiresInDays }: RewardTerms, now: Date): Date | null {
  return expiresInDays === null ? null : new Date(now.getTime() + expiresInDays * DAY);
}
