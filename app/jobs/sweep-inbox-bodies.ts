import { z } from "zod";
import { now } from "#app/clock.server.ts";
import { pool } from "#app/db.server.ts";
import { job } from "./job.ts";

const KEEP_DAYS = 7;

/** Drops the bodies of webhooks 7 days after they were settled: they hold personal data, and nothing reads them again. */
export const sweepInboxBodies = job({
  payload: z.object({}),
  retry: { tries: 3, firstSeconds: 60, atMostSeconds: 600 },
  cron: "20 * * * *",
  run: async () => {
    const settledBefore = new Date(now().getTime() - KEEP_DAYS * 86_400_000);
    await pool.query(
      `/* across shops: the sweep of inbox bodies */
       UPDATE "WebhookInbox" SET "body" = NULL WHERE "body" IS NOT NULL AND "doneAt" < $1`,
      [settledBefore],
    );
  },
});
