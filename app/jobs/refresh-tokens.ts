import { z } from "zod";
import { admin } from "#app/admin.server.ts";
import { db } from "#app/db.server.ts";
import { log } from "#app/log.server.ts";
import { readScopes } from "#app/shopify/admin/shop.ts";
import { job } from "./job.ts";

const DAY = 86_400_000;
/** Shops of one run: it must end before a job expires. The next hour does the next ones. */
const BATCH = 200;

/**
 * Uses the token of every installed shop about once a day: a refresh token that nobody uses for 90 days dies, and with
 * it the webhooks' look-ups until the merchant opens the app again. One that cannot be used now (a frozen shop) is tried
 * again a day later. Real time, as tokens are.
 */
export const refreshTokens = job({
  payload: z.object({}),
  retry: { tries: 3, firstSeconds: 60, atMostSeconds: 600 },
  cron: "40 * * * *",
  run: async () => {
    const unused = await db.session.findMany({
      where: { isOnline: false, accessToken: { not: null }, expires: { lt: new Date(Date.now() - DAY) } },
      orderBy: { expires: "asc" },
      take: BATCH,
      select: { id: true, shopDomain: true, expires: true },
    });
    for (const { id, shopDomain, expires } of unused) {
      try {
        await readScopes(admin(shopDomain));
      } catch (error) {
        log.warn({ err: error, shopDomain }, "a shop's token could not be used");
        // Expired either way, but now it is the last in line: shops that fail for long must not keep the others waiting.
        await db.session.updateMany({ where: { id, expires }, data: { expires: new Date() } });
      }
    }
  },
});
