import { z } from "zod";
import { now } from "#app/clock.server.ts";
import { pool } from "#app/db.server.ts";
import { dueReferrals, settleReferral } from "#app/domain/referrals/settle-due.ts";
import { expireCoupons } from "#app/domain/rewards/expire-coupons.ts";
import { lookAgain } from "#app/look-again.server.ts";
import { transact } from "#app/transact.server.ts";
import { job, sweep } from "./job.ts";
import { readyShops } from "./ready-shops.ts";
import { tryAll } from "./try-all.ts";

/** Referrals whose orders are looked at together. */
const AT_ONCE = 8;
/** A shop with more than can be settled in this time goes on in the next minute: a job must end before it expires. */
const SHOP_MS = 20_000;

const SHOPS_WITH_SOMETHING_DUE = `
  /* across shops: the sweep of due deadlines, whose work is done shop by shop */
  SELECT "shopId" FROM "Referral"
   WHERE "dueAt" <= $1 AND ("state" <> 'purchased' OR "review" IS NULL)
   UNION
  SELECT "shopId" FROM "Coupon" WHERE "state" = 'live' AND "expiresAt" <= $1`;

/** Ends the holds, windows and coupons whose time is up, by business time. */
export const settleDue = job({
  payload: z.object({ shopId: z.string().optional() }),
  retry: sweep,
  cron: "* * * * *",
  run: async ({ shopId }) => {
    const { rows } = await pool.query<{ shopId: string }>(SHOPS_WITH_SOMETHING_DUE, [now()]);
    const shops = rows.map((row) => row.shopId).filter((id) => shopId === undefined || id === shopId);
    await tryAll(await readyShops(shops), settleShop);
  },
});

/** One referral or coupon that fails keeps neither the others nor the next minute waiting. */
async function settleShop(shopId: string): Promise<void> {
  const failed: string[] = [];
  const failures: unknown[] = [];
  const isOver = timer(SHOP_MS);
  for (let ids = await due(shopId, failed); ids.length > 0 && !isOver(); ids = await due(shopId, failed)) {
    const settled = await Promise.allSettled(ids.map((id) => settle(shopId, id)));
    for (const [i, { status, ...result }] of settled.entries()) {
      if (status === "fulfilled" && "value" in result && result.value) continue;
      failed.push(ids[i] ?? "");
      if ("reason" in result) failures.push(result.reason);
    }
  }
  let expired: number;
  do expired = await transact(shopId, expireCoupons);
  while (expired > 0 && !isOver());
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} referrals could not be settled`);
}

function due(shopId: string, except: readonly string[]): Promise<string[]> {
  return transact(shopId, (ctx) => dueReferrals(ctx, AT_ONCE, except));
}

/** A hold that ends pays: first a look at the order as it is now. */
async function settle(shopId: string, id: string): Promise<boolean> {
  await lookAgain(shopId, [id]);
  return (await transact(shopId, (ctx) => settleReferral(ctx, id))) !== null;
}

function timer(milliseconds: number): () => boolean {
  const end = performance.now() + milliseconds;
  return () => performance.now() > end;
}
