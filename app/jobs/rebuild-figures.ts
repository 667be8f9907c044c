import { z } from "zod";
import { compareFigures, type Difference, type Figures, rebuildFigures } from "#app/domain/stats/rebuild.ts";
import { transact } from "#app/transact.server.ts";
import { job, sweep } from "./job.ts";
import { readyShops } from "./ready-shops.ts";

/**
 * Counts every referrer's figures anew from the timelines of their referrals, corrects those that differ from what was
 * kept with every step, and proves that the two are equal then. Run by hand.
 * @returns a line per shop and per difference
 */
export const rebuildFiguresJob = job({
  payload: z.object({ shopId: z.string().optional() }),
  retry: sweep,
  run: async ({ shopId }) => {
    const lines: string[] = [];
    for (const id of await readyShops(shopId ? [shopId] : undefined)) {
      const { domain, referrers, corrected, left } = await rebuildShop(id);
      lines.push(`${domain}: ${referrers} referrers, ${corrected.length} differed`, ...corrected.map(lineOf));
      if (left > 0) throw new Error(`${domain}: ${left} figures still differ from the timelines`);
    }
    return [...lines, "kept = told for every referrer"].join("\n");
  },
});

function rebuildShop(shopId: string) {
  return transact(shopId, async (ctx) => ({
    domain: ctx.shop.domain,
    referrers: await ctx.tx.referrer.count({ where: { shopId } }),
    corrected: await rebuildFigures(ctx),
    left: (await compareFigures(ctx)).length,
  }));
}

function lineOf({ referrerId, kept, told }: Difference): string {
  return `  ${referrerId}: kept ${wordsOf(kept)}, the timelines say ${wordsOf(told)}`;
}

/** Revenue in minor units. */
function wordsOf({ count, revenue, latest }: Figures): string {
  return `${count} / ${revenue} / ${latest?.toISOString() ?? "never"}`;
}
