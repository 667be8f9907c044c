import { z } from "zod";
import { admin } from "#app/admin.server.ts";
import { now } from "#app/clock.server.ts";
import { db, pool } from "#app/db.server.ts";
import { discountDeleted } from "#app/domain/rewards/deleted-discounts.ts";
import { hasDiscount } from "#app/shopify/admin/discounts.ts";
import { transact } from "#app/transact.server.ts";
import { job, sweep } from "./job.ts";
import { tryAll } from "./try-all.ts";

const DAY = 86_400_000;

/** Takes the longest unchecked 200: a job must end before it expires. The next hour does the next ones. */
const TAKE = `
  /* across shops: the daily look at the discounts, whose work is done shop by shop */
  UPDATE "Discount" SET "checkedAt" = $1
   WHERE ("shopId", "id") IN (
     SELECT d."shopId", d."id" FROM "Discount" d JOIN "Shop" s ON s."id" = d."shopId"
      WHERE s."uninstalledAt" IS NULL AND d."gid" IS NOT NULL AND (d."checkedAt" IS NULL OR d."checkedAt" <= $2)
      ORDER BY d."checkedAt" NULLS FIRST LIMIT 200)
  RETURNING "shopId", "gid"`;

/**
 * Asks Shopify once a day whether it still has each of our discounts: a webhook that says it was deleted may be lost. One
 * that could not be asked about has its turn again tomorrow.
 */
export const checkDiscounts = job({
  payload: z.object({}),
  retry: sweep,
  cron: "15 * * * *",
  run: async () => {
    const yesterday = new Date(now().getTime() - DAY);
    const { rows } = await pool.query<{ shopId: string; gid: string }>(TAKE, [now(), yesterday]);
    await tryAll(rows, async ({ shopId, gid }) => {
      const { domain } = await db.shop.findUniqueOrThrow({ where: { id: shopId } });
      if (!(await hasDiscount(admin(domain), gid))) await transact(shopId, (ctx) => discountDeleted(ctx, gid));
    });
  },
});
