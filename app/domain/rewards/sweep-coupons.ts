import type { Context } from "#app/domain/context.ts";
import { UNAVAILABLE } from "./coupon-issued.ts";

/** Longer than a job goes on trying (app/jobs/job.ts): what still stands as it was then, nobody is at work on. */
export const PATIENCE_MS = 13 * 3_600_000;
/** Coupons of one sweep; the next hour takes the rest. */
const BATCH = 200;

/**
 * Asks again for what jobs gave up while Shopify could not be asked (a dead token, an outage): codes that are to be removed
 * and may still work, coupons that never came to an end, and referrers' codes, which nobody retries by hand. Each again
 * after that patience, and so for ever.
 */
export async function sweepCoupons({ shop, tx, now, ask }: Context): Promise<void> {
  const before = new Date(now.getTime() - PATIENCE_MS);
  const left = await tx.coupon.findMany({
    where: {
      shopId: shop.id,
      OR: [
        { state: { in: ["expired", "disabled"] }, removedAt: null },
        { state: "issuing", createdAt: { lt: before } },
        { state: "failed", kind: "referrer_code", reason: UNAVAILABLE },
      ],
      AND: { OR: [{ sweptAt: null }, { sweptAt: { lt: before } }] },
    },
    orderBy: { id: "asc" },
    take: BATCH,
    select: { id: true, state: true },
  });
  for (const { id, state } of left) {
    const again = state === "failed" ? { state: "issuing", reason: null } : {};
    // Whoever changed it meanwhile has asked for what it needs now.
    const { count } = await tx.coupon.updateMany({
      where: { shopId: shop.id, id, state },
      data: { sweptAt: now, ...again },
    });
    const isOver = state === "expired" || state === "disabled";
    if (count > 0) await ask({ kind: isOver ? "disable-coupon" : "issue-coupon", couponId: id });
  }
}
