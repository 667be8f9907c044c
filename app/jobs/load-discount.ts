import { admin } from "#app/admin.server.ts";
import { now } from "#app/clock.server.ts";
import { db, pool } from "#app/db.server.ts";
import { discountDeleted } from "#app/domain/rewards/deleted-discounts.ts";
import { discountTerms } from "#app/domain/rewards/discount-terms.ts";
import { DiscountGone } from "#app/shopify/admin/errors.ts";
import type { EnsureDeps, WantedDiscount } from "#app/shopify/ensure-code.ts";
import { transact } from "#app/transact.server.ts";

/**
 * What a job needs to make codes of a discount work in Shopify, and whether it should: not for who uninstalled the app, nor
 * after the merchant deleted it.
 */
export async function loadDiscount(
  shopId: string,
  discountId: string,
): Promise<{ isWanted: boolean; deps: EnsureDeps; wanted: WantedDiscount }> {
  const row = { where: { shopId_id: { shopId, id: discountId } } };
  const { id, gid, title, terms, deletedAt, shop } = await db.discount.findUniqueOrThrow({
    ...row,
    include: { shop: true },
  });
  if (!shop.currency) throw new Error(`${shop.domain} has no facts yet`);
  return {
    isWanted: shop.uninstalledAt === null && deletedAt === null,
    deps: {
      pool,
      admin: admin(shop.domain),
      readGid: async () => (await db.discount.findUniqueOrThrow(row)).gid,
      keepGid: async (made) => void (await db.discount.update({ ...row, data: { gid: made, checkedAt: now() } })),
      readFirstCode: async () => (await db.discount.findUniqueOrThrow(row)).firstCode,
      keepFirstCode: async (firstCode) => void (await db.discount.update({ ...row, data: { firstCode } })),
    },
    wanted: {
      shopId,
      discount: { id, gid, title, terms: discountTerms.parse(terms) },
      currency: shop.currency,
      now: now(),
    },
  };
}

/** Does what needs a discount; where the merchant turns out to have deleted it, that is recorded instead. */
export async function unlessDeleted(shopId: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DiscountGone)) throw error;
    await transact(shopId, (ctx) => discountDeleted(ctx, error.discountGid));
  }
}
