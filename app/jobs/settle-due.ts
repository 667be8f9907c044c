import { z } from "zod";
import { now } from "#app/clock.server.ts";
import { pool } from "#app/db.server.ts";
import { dueReferrals, settleReferral } from "#app/domain/referrals/settle-due.ts";
import { expireCoupons } from "#app/domain/rewards/expire-coupons.ts";
import { transact } from "#app/transact.server.ts";
import { job, sweep } from "./job.ts";
import { readyShops } from "./ready-shops.ts";
import { tryAll } from "./try-all.ts";

const BATCH = 100;

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
    const due = rows.map((row) => row.shopId).filter((id) => shopId === undefined || id === shopId);
    await tryAll(await readyShops(due), settleShop);
  },
});

async function settleShop(shopId: string): Promise<void> {
  for (let settled = BATCH; settled > 0; ) {
    const ids = await transact(shopId, (ctx) => dueReferrals(ctx, BATCH));
    settled = 0;
    await tryAll(ids, async (id) => {
      if (await transact(shopId, (ctx) => settleReferral(ctx, id))) settled++;
    });
  }
  let expired: number;
  do expired = await transact(shopId, expireCoupons);
  while (expired > 0);
}
