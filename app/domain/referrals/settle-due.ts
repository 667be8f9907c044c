import type { Context } from "#app/domain/context.ts";
import { dropUnissued } from "#app/domain/rewards/revoke-reward.ts";
import { approveReferral } from "./approve-referral.ts";
import { readTerms } from "./program.ts";
import { lockReferral, moveReferral } from "./transition.ts";

/** The shop's referrals whose hold or window has ended, the longest ago first. */
export async function dueReferrals(
  { shop, tx, now }: Context,
  limit: number,
  except: readonly string[] = [],
): Promise<string[]> {
  const due = await tx.referral.findMany({
    where: {
      shopId: shop.id,
      id: { notIn: [...except] },
      dueAt: { lte: now },
      OR: [{ state: { not: "purchased" } }, { review: null }],
    },
    orderBy: { dueAt: "asc" },
    take: limit,
    select: { id: true },
  });
  return due.map(({ id }) => id);
}

/** Settles one of them: a hold that ended approves, a window that ended expires. Looked at again, nothing happens. */
export async function settleReferral(ctx: Context, id: string): Promise<string | null> {
  const { now } = ctx;
  const referral = await lockReferral(ctx, id);
  if (!referral?.dueAt || referral.dueAt > now) return null;
  switch (referral.state) {
    case "purchased": {
      if (referral.review !== null) return null;
      const terms = await readTerms(ctx, referral.programId, referral.programVersion);
      const grounds = { cause: "hold_ended" as const, evidence: { holdDays: terms.holdDays } };
      return (await approveReferral(ctx, referral, terms, grounds)).state;
    }
    case "invited":
    case "pending":
    case "claimed": {
      await dropUnissued(ctx, id);
      const grounds = { cause: "window_ended" as const, evidence: { from: referral.state } };
      return (await moveReferral(ctx, referral, "expired", grounds, { dueAt: null })).referral.state;
    }
    default:
      return null;
  }
}
