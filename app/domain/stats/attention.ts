import type { Context } from "#app/domain/context.ts";
import { type DeletedDiscount, listDeleted } from "#app/domain/rewards/deleted-discounts.ts";

/** What waits for the merchant. */
export type Attention = {
  /** Rewards whose coupon Shopify would not take. */
  readonly failedRewards: number;
  /** Discounts of the program that are missing in Shopify. */
  readonly deletedDiscounts: readonly DeletedDiscount[];
};

export async function readAttention(ctx: Context): Promise<Attention> {
  const { shop, tx } = ctx;
  return {
    failedRewards: await tx.reward.count({ where: { shopId: shop.id, state: "failed" } }),
    deletedDiscounts: await listDeleted(ctx),
  };
}
