import { z } from "zod";
import { db } from "#app/db.server.ts";
import { couponFailed, couponIssued, UNAVAILABLE } from "#app/domain/rewards/coupon-issued.ts";
import { ensureCode } from "#app/shopify/ensure-code.ts";
import { transact } from "#app/transact.server.ts";
import { job, patient } from "./job.ts";
import { loadDiscount, unlessDeleted } from "./load-discount.ts";

/** Makes the code of a coupon that was decided on work in Shopify; the row has said `issuing` since the decision. */
export const issueCoupon = job({
  payload: z.object({ shopId: z.string(), couponId: z.string() }),
  retry: patient,
  run: async ({ shopId, couponId }, isLastTry) => {
    const coupon = await db.coupon.findUniqueOrThrow({ where: { shopId_id: { shopId, id: couponId } } });
    if (coupon.state !== "issuing") return;
    const { isWanted, deps, wanted } = await loadDiscount(shopId, coupon.discountId);
    if (!isWanted) return;
    try {
      await unlessDeleted(shopId, async () => {
        const ensured = await ensureCode(deps, { ...wanted, code: coupon.code });
        if (ensured.works) await transact(shopId, (ctx) => couponIssued(ctx, couponId));
        else await transact(shopId, (ctx) => couponFailed(ctx, couponId, ensured.because));
      });
    } catch (error) {
      if (isLastTry) await transact(shopId, (ctx) => couponFailed(ctx, couponId, UNAVAILABLE));
      throw error;
    }
  },
});
