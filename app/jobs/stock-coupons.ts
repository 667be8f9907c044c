import type { Coupon } from "@prisma/client";
import { z } from "zod";
import { pool } from "#app/db.server.ts";
import { planLiveStock } from "#app/domain/referrals/keep-stock.ts";
import { stockFilled } from "#app/domain/rewards/stock.ts";
import { ifLeaseIsFree } from "#app/queue/lease.ts";
import { CODES_PER_CALL } from "#app/shopify/admin/discounts.ts";
import { ensureCodes } from "#app/shopify/ensure-codes.ts";
import { transact } from "#app/transact.server.ts";
import { job, patient } from "./job.ts";
import { loadDiscount, unlessDeleted } from "./load-discount.ts";

/** Longer than Shopify may take to make a discount and to add one call's codes. */
const LEASE_SECONDS = 90;

/**
 * Fills a discount's stock of codes. Their rows stand before Shopify is called, and a try that got no answer leaves
 * them: the next one gives Shopify the same codes, and those that are there already count as added.
 */
export const stockCoupons = job({
  payload: z.object({ shopId: z.string(), discountId: z.string() }),
  retry: patient,
  run: ({ shopId, discountId }) => {
    const lease = { id: `stock:${discountId}`, shopId, seconds: LEASE_SECONDS };
    return ifLeaseIsFree(pool, lease, () => unlessDeleted(shopId, () => fillStock(shopId, discountId)));
  },
});

async function fillStock(shopId: string, discountId: string): Promise<void> {
  const { isWanted } = await loadDiscount(shopId, discountId);
  if (!isWanted) return;
  const planned = await transact(shopId, (ctx) => planLiveStock(ctx, discountId));
  for (let start = 0; start < planned.length; start += CODES_PER_CALL) {
    await addToStock(shopId, discountId, planned.slice(start, start + CODES_PER_CALL));
  }
}

async function addToStock(shopId: string, discountId: string, coupons: readonly Coupon[]): Promise<void> {
  const { deps, wanted } = await loadDiscount(shopId, discountId);
  const { working, refused } = await ensureCodes(
    deps,
    wanted,
    coupons.map(({ code }) => code),
  );
  const works = new Set(working);
  await transact(shopId, (ctx) =>
    stockFilled(ctx, {
      added: coupons.filter(({ code }) => works.has(code)).map(({ id }) => id),
      refused: coupons.flatMap(({ id, code }) => {
        const reason = refused.get(code);
        return reason === undefined ? [] : [{ couponId: id, reason }];
      }),
    }),
  );
}
