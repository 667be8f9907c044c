import { admin } from "#app/admin.server.ts";
import { now } from "#app/clock.server.ts";
import { db, pool } from "#app/db.server.ts";
import { discountTerms } from "#app/domain/rewards/discount-terms.ts";
import type { EnsureDeps, WantedDiscount } from "#app/shopify/ensure-code.ts";

/** What a job needs to make codes of a discount work in Shopify. */
export async function loadDiscount(
  shopId: string,
  discountId: string,
): Promise<{ installed: boolean; deps: EnsureDeps; wanted: WantedDiscount }> {
  const row = { where: { shopId_id: { shopId, id: discountId } } };
  const { id, gid, title, terms, shop } = await db.discount.findUniqueOrThrow({ ...row, include: { shop: true } });
  if (!shop.currency) throw new Error(`${shop.domain} has no facts yet`);
  return {
    installed: shop.uninstalledAt === null,
    deps: {
      pool,
      admin: admin(shop.domain),
      readGid: async () => (await db.discount.findUniqueOrThrow(row)).gid,
      keepGid: async (made) => void (await db.discount.update({ ...row, data: { gid: made } })),
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
