import type { Context } from "#app/domain/context.ts";

/** What waits for the merchant. */
export type Attention = {
  /** Rewards whose coupon Shopify would not take. */
  readonly failedRewards: number;
};

export async function readAttention({ shop, tx }: Context): Promise<Attention> {
  return {
    failedRewards: await tx.reward.count({ where: { shopId: shop.id, state: "failed" } }),
  };
}
