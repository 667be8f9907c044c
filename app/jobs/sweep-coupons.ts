import { z } from "zod";
import { sweepCoupons } from "#app/domain/rewards/sweep-coupons.ts";
import { transact } from "#app/transact.server.ts";
import { job, sweep } from "./job.ts";
import { readyShops } from "./ready-shops.ts";
import { tryAll } from "./try-all.ts";

/** Asks for the coupons again whose jobs gave up. */
export const sweepCouponsJob = job({
  payload: z.object({ shopId: z.string().optional() }),
  retry: sweep,
  cron: "50 * * * *",
  run: async ({ shopId }) =>
    tryAll(await readyShops(shopId ? [shopId] : undefined), (id) => transact(id, sweepCoupons)),
});
