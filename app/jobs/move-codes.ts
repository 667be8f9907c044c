import { z } from "zod";
import { now } from "#app/clock.server.ts";
import { db, pool } from "#app/db.server.ts";
import { codesMoved, planMove } from "#app/domain/referrals/move-codes.ts";
import { withLease } from "#app/queue/lease.ts";
import { moveCodes } from "#app/shopify/move-codes.ts";
import { transact } from "#app/transact.server.ts";
import { job, patient } from "./job.ts";
import { loadDiscount, unlessDeleted } from "./load-discount.ts";

/** Longer than Shopify may take to look up, delete and add the codes of one move. */
const LEASE_SECONDS = 100;

/**
 * Moves referrers' own codes to the discount of the terms in force, one batch at a time per shop: what is left, or behind
 * again, is asked for with what is recorded. It waits for the lease, for who holds it may have looked before the change.
 */
export const moveCodesJob = job({
  payload: z.object({ shopId: z.string() }),
  retry: patient,
  run: ({ shopId }) => {
    const lease = { id: `move-codes:${shopId}`, shopId, seconds: LEASE_SECONDS };
    return withLease(pool, lease, () => unlessDeleted(shopId, () => moveBatch(shopId)));
  },
});

async function moveBatch(shopId: string): Promise<void> {
  const { uninstalledAt } = await db.shop.findUniqueOrThrow({ where: { id: shopId } });
  if (uninstalledAt) return;
  const move = await transact(shopId, planMove);
  if (!move) return;
  const { deps, wanted } = await loadDiscount(shopId, move.discountId);
  const own = await db.discount.findMany({ where: { shopId }, select: { id: true, gid: true, title: true } });
  const keepGid = async (id: string, gid: string) =>
    void (await db.discount.update({ where: { shopId_id: { shopId, id } }, data: { gid, checkedAt: now() } }));
  const moved = await moveCodes({ deps, own, keepGid }, wanted, move.codes);
  await transact(shopId, (ctx) => codesMoved(ctx, move.discountId, moved));
}
