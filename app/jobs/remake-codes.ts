import { z } from "zod";
import { codesRemade, planRemake, remakeFailed } from "#app/domain/rewards/remake-discounts.ts";
import { CODES_PER_CALL } from "#app/shopify/admin/discounts.ts";
import { AdminRefused } from "#app/shopify/admin/errors.ts";
import { ensureCodes } from "#app/shopify/ensure-codes.ts";
import { transact } from "#app/transact.server.ts";
import { job, patient } from "./job.ts";
import { loadDiscount, unlessDeleted } from "./load-discount.ts";

/**
 * Makes the codes that customers have of a discount work again, one call's at a time; each asks for the next. A discount
 * that is still to be made is made with one code ahead of the others, so that a refusal costs that one.
 */
export const remakeCodes = job({
  payload: z.object({ shopId: z.string(), discountId: z.string(), after: z.string() }),
  retry: patient,
  run: async ({ shopId, discountId, after }, isLastTry) => {
    try {
      await unlessDeleted(shopId, () => remakeBatch(shopId, discountId, after));
    } catch (error) {
      if (isLastTry) await transact(shopId, (ctx) => remakeFailed(ctx, discountId));
      throw error;
    }
  },
});

async function remakeBatch(shopId: string, discountId: string, after: string): Promise<void> {
  const { isWanted, deps, wanted } = await loadDiscount(shopId, discountId);
  if (!isWanted) return;
  const { gid } = wanted.discount;
  const coupons = await transact(shopId, (ctx) => planRemake(ctx, discountId, after, gid ? CODES_PER_CALL : 1));
  const codes = coupons.map(({ code }) => code);
  const { refused } = await ensureCodes(deps, wanted, codes);
  const odd = [...refused.values()].find((reason) => reason !== "TAKEN");
  if (odd) throw new AdminRefused(`making codes again: ${odd}`);
  await transact(shopId, (ctx) => codesRemade(ctx, discountId, coupons, refused));
}
