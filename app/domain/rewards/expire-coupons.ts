import type { Context } from "#app/domain/context.ts";

/** Coupons of one sweep; the next minute takes the rest. */
const BATCH = 200;

/** Ends the coupons whose time is up and asks for their codes to be deleted; an order placed before still counts. */
export async function expireCoupons({ shop, tx, now, ask }: Context): Promise<number> {
  const due = await tx.coupon.findMany({
    where: { shopId: shop.id, state: "live", expiresAt: { lte: now } },
    orderBy: { expiresAt: "asc" },
    take: BATCH,
    select: { id: true },
  });
  for (const { id } of due) {
    const { count } = await tx.coupon.updateMany({
      where: { shopId: shop.id, id, state: "live" },
      data: { state: "expired" },
    });
    if (count > 0) await ask({ kind: "disable-coupon", couponId: id });
  }
  return due.length;
}
