import type { Prisma } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";

/** A coupon with the reward that it pays. */
export type LockedCoupon = Prisma.CouponGetPayload<{ include: { reward: true } }>;

/** A coupon and the reward that it pays, as they are once nobody else is deciding on it. */
export async function lockCoupon({ shop, tx }: Context, id: string): Promise<LockedCoupon> {
  await tx.$queryRaw`SELECT 1 FROM "Coupon" WHERE "shopId" = ${shop.id} AND "id" = ${id} FOR UPDATE`;
  return tx.coupon.findUniqueOrThrow({ where: { shopId_id: { shopId: shop.id, id } }, include: { reward: true } });
}
