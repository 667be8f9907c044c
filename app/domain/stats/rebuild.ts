import type { Context } from "#app/domain/context.ts";
import { lockReferrers } from "#app/domain/referrals/referrer.ts";

/** A referrer's figures, as kept and as the transitions say. */
export type Figures = { readonly count: number; readonly revenue: bigint; readonly latest: Date | null };
export type Difference = { readonly referrerId: string; readonly kept: Figures; readonly told: Figures };

/**
 * Counts every referrer's figures anew from the timelines: successful is what was approved and not reversed since.
 * Reads only; what it returns is empty when the statistics that are kept with every step are right.
 */
export async function compareFigures({ shop, tx }: Context): Promise<Difference[]> {
  const referrals = await tx.referral.findMany({
    where: { shopId: shop.id },
    select: { referrerId: true, revenue: true, transitions: { orderBy: { seq: "asc" } } },
  });
  const told = new Map<string, Figures>();
  for (const { referrerId, revenue, transitions } of referrals) {
    const approved = transitions.findLast(({ to }) => to === "approved");
    if (!approved || transitions.at(-1) !== approved) continue;
    const { count, revenue: sum, latest } = told.get(referrerId) ?? { count: 0, revenue: 0n, latest: null };
    const newest = latest === null || approved.at > latest ? approved.at : latest;
    told.set(referrerId, { count: count + 1, revenue: sum + revenue, latest: newest });
  }
  const referrers = await tx.referrer.findMany({ where: { shopId: shop.id } });
  return referrers
    .map((referrer) => ({
      referrerId: referrer.id,
      kept: {
        count: referrer.successfulCount,
        revenue: referrer.successfulRevenue,
        latest: referrer.latestSuccessAt,
      },
      told: told.get(referrer.id) ?? { count: 0, revenue: 0n, latest: null },
    }))
    .filter(({ kept, told }) => !areSame(kept, told));
}

function areSame(a: Figures, b: Figures): boolean {
  return a.count === b.count && a.revenue === b.revenue && a.latest?.getTime() === b.latest?.getTime();
}

/** Writes the figures that the timelines say; returns what it corrected. Approvals wait meanwhile, or it waits for them. */
export async function rebuildFigures(ctx: Context): Promise<Difference[]> {
  const { shop, tx } = ctx;
  const referrers = await tx.referrer.findMany({ where: { shopId: shop.id }, select: { id: true } });
  await lockReferrers(
    ctx,
    referrers.map(({ id }) => id),
  );
  const differences = await compareFigures(ctx);
  for (const { referrerId, told } of differences) {
    await tx.referrer.update({
      where: { shopId_id: { shopId: shop.id, id: referrerId } },
      data: { successfulCount: told.count, successfulRevenue: told.revenue, latestSuccessAt: told.latest },
    });
  }
  return differences;
}
