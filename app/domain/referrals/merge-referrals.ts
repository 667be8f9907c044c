import type { Person, Prisma, Referral } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { revokeReward } from "#app/domain/rewards/revoke-reward.ts";
import { OPEN } from "./recipient.ts";
import { rejectReferral } from "./reject-referral.ts";
import { canStep, type State } from "./rules.ts";
import { lockReferral, moveReferral } from "./transition.ts";

const MERGED = "customers_merged";

/**
 * Of two referrals that two people have open in one program, one stays when they become one: the first that was claimed,
 * or else the older. The other expires with its coupon, as if they had come as one from the start.
 */
export async function leaveOneOpen(ctx: Context, from: Person, into: Person): Promise<void> {
  const kept = new Set<string>();
  const open = await lockAll(ctx, { recipientId: { in: [from.id, into.id] }, state: { in: OPEN } });
  for (const referral of open.toSorted(byClaim)) {
    if (kept.has(referral.programId)) await expire(ctx, referral);
    kept.add(referral.programId);
  }
}

function byClaim(a: Referral, b: Referral): number {
  const claimed = ({ claimedAt }: Referral) => claimedAt?.getTime() ?? Number.POSITIVE_INFINITY;
  return claimed(a) === claimed(b) ? (a.id < b.id ? -1 : 1) : claimed(a) - claimed(b);
}

/** Nobody is their own friend: of who turns out to be, nothing is approved any more. What has been stays. */
export async function endSelfReferrals(ctx: Context, person: Person): Promise<void> {
  const own = await lockAll(ctx, {
    recipientId: person.id,
    referrer: { personId: person.id },
    state: { in: [...OPEN, "purchased"] },
  });
  for (const referral of own) {
    if (!canStep(referral.state as State, "rejected")) await expire(ctx, referral);
    else await rejectReferral(ctx, referral, { cause: MERGED, reason: "self_referral", notify: true });
  }
}

async function expire(ctx: Context, referral: Referral): Promise<void> {
  await moveReferral(ctx, referral, "expired", { cause: MERGED, evidence: { from: referral.state } }, { dueAt: null });
  await revokeReward(ctx, referral.id, "recipient", MERGED);
}

/** Those that are still so once nobody else is deciding on them. */
async function lockAll(ctx: Context, where: Prisma.ReferralWhereInput): Promise<Referral[]> {
  const { shop, tx } = ctx;
  const found = await tx.referral.findMany({ where: { ...where, shopId: shop.id }, orderBy: { id: "asc" } });
  for (const { id } of found) await lockReferral(ctx, id);
  return tx.referral.findMany({ where: { ...where, shopId: shop.id, id: { in: found.map(({ id }) => id) } } });
}
