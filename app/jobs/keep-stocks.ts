import { z } from "zod";
import type { Context } from "#app/domain/context.ts";
import { keepStock } from "#app/domain/referrals/keep-stock.ts";
import { followTerms } from "#app/domain/referrals/move-codes.ts";
import { transact } from "#app/transact.server.ts";
import { job, sweep } from "./job.ts";
import { readyShops } from "./ready-shops.ts";
import { tryAll } from "./try-all.ts";

/**
 * Asks for codes wherever a live program has too few of them, and for the move of those that are behind its terms; claims
 * and changes ask too, and this is for when that was in vain.
 */
export const keepStocks = job({
  payload: z.object({ shopId: z.string().optional() }),
  retry: sweep,
  cron: "*/5 * * * *",
  run: async ({ shopId }) => tryAll(await readyShops(shopId ? [shopId] : undefined), (id) => transact(id, keepCodes)),
});

async function keepCodes(ctx: Context): Promise<void> {
  await keepStock(ctx);
  await followTerms(ctx);
}
