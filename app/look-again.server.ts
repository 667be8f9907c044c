import { admin } from "#app/admin.server.ts";
import { db } from "#app/db.server.ts";
import { ordersOf } from "#app/domain/referrals/orders-of.ts";
import { recordOrder } from "#app/domain/referrals/record-order.ts";
import { readOrder } from "#app/shopify/admin/order.ts";
import { transact } from "#app/transact.server.ts";

/**
 * Reads the orders of referrals from Shopify and records how they stand, before something is decided that pays: the
 * webhook of a refund may be late or lost. An order that Shopify does not show (older than the 60 days that apps see) stands
 * as it was recorded.
 * @throws AdminUnavailable, ReconnectNeeded: then nothing should be decided yet
 */
export async function lookAgain(shopId: string, referralIds: readonly string[]): Promise<void> {
  const gids = await transact(shopId, (ctx) => ordersOf(ctx, referralIds));
  if (gids.length === 0) return;
  const { domain } = await db.shop.findUniqueOrThrow({ where: { id: shopId } });
  await Promise.all(
    gids.map(async (gid) => {
      const order = await readOrder(admin(domain), gid);
      if (!order) return;
      await transact(shopId, (ctx) => recordOrder(ctx, { order, landingSite: null, earlierPaidOrder: null }));
    }),
  );
}
