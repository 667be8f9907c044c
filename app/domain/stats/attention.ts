import type { Context } from "#app/domain/context.ts";

/** What waits for the merchant. */
export type Attention = {
  /** Purchased referrals that a rule wants looked at first. */
  readonly inReview: number;
  /** Rewards whose coupon Shopify would not take. */
  readonly failedRewards: number;
};

export async function readAttention({ shop, tx }: Context): Promise<Attention> {
  return {
    inReview: await tx.referral.count({ where: { shopId: shop.id, state: "purchased", review: { not: null } } }),
    failedRewards: await tx.reward.count({ where: { shopId: shop.id, state: "failed" } }),
  };
}
