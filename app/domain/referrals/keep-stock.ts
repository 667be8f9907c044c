import type { Coupon } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { rewardDiscount } from "#app/domain/rewards/discount-terms.ts";
import { discountFor } from "#app/domain/rewards/request-coupon.ts";
import { planStock, STOCK_LOW } from "#app/domain/rewards/stock.ts";
import { readProgram } from "./program.ts";

/** Asks for codes when the live program's claims might soon find none: a refill that failed is not waited for. */
export async function keepStock(ctx: Context): Promise<void> {
  const { shop, tx, ask } = ctx;
  const program = await readProgram(ctx);
  if (!program) return;
  const { id: discountId } = await discountFor(ctx, rewardDiscount(program.terms.recipientReward));
  const stocked = await tx.coupon.count({ where: { shopId: shop.id, discountId, state: "stock" } });
  if (stocked < STOCK_LOW) await ask({ kind: "stock-coupons", discountId });
}

/** What a discount's stock lacks, written down; nothing once the live program has other terms or it was deleted. */
export async function planLiveStock(ctx: Context, discountId: string): Promise<Coupon[]> {
  const program = await readProgram(ctx);
  if (!program) return [];
  const { recipientReward } = program.terms;
  const inForce = await discountFor(ctx, rewardDiscount(recipientReward));
  if (inForce.id !== discountId || inForce.deletedAt) return [];
  return planStock(ctx, discountId, recipientReward.codePrefix);
}
