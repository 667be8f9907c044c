import type { Coupon } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import type { OrderFacts } from "#app/domain/referrals/order-facts.ts";
import { normalCode } from "#app/domain/referrals/rules.ts";
import { numberOf } from "#app/lib/gid.ts";
import { majorUnits } from "#app/lib/money.ts";

/** Our single-use coupons that an order carries. */
export async function couponsOn({ shop, tx }: Context, codes: readonly string[]): Promise<Coupon[]> {
  if (codes.length === 0) return [];
  return tx.coupon.findMany({ where: { shopId: shop.id, code: { in: [...codes] }, kind: "reward" } });
}

/** Records the coupons that a paid order used, and tells whose they were; each once, whatever becomes of the order. */
export async function redeemCoupons(ctx: Context, order: OrderFacts): Promise<void> {
  const { shop, tx } = ctx;
  if (!order.paid || order.test || order.cancelledAt) return;
  const coupons = await couponsOn(
    ctx,
    order.discountCodes.map(({ code }) => normalCode(code)),
  );
  for (const coupon of coupons) {
    if (coupon.usedAt || !coupon.personId) continue;
    await tx.coupon.update({
      where: { shopId_id: { shopId: shop.id, id: coupon.id } },
      data: { state: "used", usedAt: order.placedAt, orderGid: order.gid },
    });
    const reward = await tx.reward.findFirst({ where: { shopId: shop.id, couponId: coupon.id } });
    await ctx.emit({
      entry: reward?.role === "referrer" ? "redeemed-coupon.referrer" : "redeemed-coupon.recipient",
      personId: coupon.personId,
      cause: coupon.id,
      at: new Date(order.placedAt),
      payload: redemption(order, coupon.code),
    });
  }
}

/** What the Redeemed event says of an order and one of its codes. */
export function redemption(order: OrderFacts, code: string) {
  const used = order.discountCodes.find((candidate) => normalCode(candidate.code) === code);
  return {
    "Date Redeemed": new Date(order.placedAt).toISOString(),
    "Order Discount Amount": majorUnits({ minor: used?.amount ?? 0n, currency: order.currency }),
    "Order ID": numberOf(order.gid),
    "Order Number": order.name,
    "Order Total Price": majorUnits({ minor: order.totalPrice, currency: order.currency }),
    "Order Currency": order.currency,
    "Coupon Code": code,
  };
}
