import type { Referral } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { couponsOn } from "#app/domain/rewards/redeem-coupons.ts";
import type { LiveProgram } from "./program.ts";
import { referralsOf } from "./recipient.ts";
import { type Attribution, attribute, type Claim, type Hints } from "./rules.ts";
import { lockReferral } from "./transition.ts";

/** Who placed an order, of those we know (peopleOf), and when. */
export type Placed = { readonly people: string[]; readonly placedAt: Date };

/** Looks up what the hints of an order name, and decides whose referral it is. */
export async function findAttribution(
  ctx: Context,
  program: LiveProgram,
  hints: Hints,
  placed: Placed,
): Promise<Attribution> {
  return attribute(hints, {
    referrers: await referrersByCode(ctx, program.id, hints),
    claimsByCoupon: await claimsByCoupon(ctx, hints),
    claimOfCart: await claimOfCart(ctx, hints, placed.placedAt),
    claimOfBuyer: await claimOfBuyer(ctx, program.id, placed),
  });
}

/**
 * The same, with the claim that it completes locked until the decision commits. Where somebody else completed that claim
 * meanwhile, the order is somebody's by another hint, or nobody's.
 */
export async function lockAttribution(
  ctx: Context,
  program: LiveProgram,
  hints: Hints,
  placed: Placed,
): Promise<Attribution> {
  const attribution = await findAttribution(ctx, program, hints, placed);
  if (!attribution.attributed || attribution.claimId === null) return attribution;
  const claim = await lockReferral(ctx, attribution.claimId);
  if (claim && waits(claim)) return attribution;
  return lockAttribution(ctx, program, hints, placed);
}

async function referrersByCode({ shop, tx }: Context, programId: string, hints: Hints): Promise<Map<string, string>> {
  const codes = [...hints.codes, hints.attribute, ...hints.landing].filter((code) => code !== "");
  if (codes.length === 0) return new Map();
  const rows = await tx.referrer.findMany({
    where: { shopId: shop.id, programId, OR: [{ code: { in: codes } }, { formerCodes: { hasSome: codes } }] },
  });
  return new Map(rows.flatMap(({ code, formerCodes, id }) => [code, ...formerCodes].map((known) => [known, id])));
}

/** Claims whose coupon is on the order: Shopify took it, so it worked then, whatever our clocks or deadlines say. */
async function claimsByCoupon(ctx: Context, hints: Hints): Promise<Map<string, Claim>> {
  const { shop, tx } = ctx;
  const coupons = await couponsOn(ctx, hints.codes);
  const rewards = await tx.reward.findMany({
    where: { shopId: shop.id, role: "recipient", couponId: { in: coupons.map(({ id }) => id) } },
    include: { referral: true, coupon: true },
  });
  return new Map(
    rewards.flatMap(({ coupon, referral }) => (coupon && waits(referral) ? [[coupon.code, referral]] : [])),
  );
}

async function claimOfCart({ shop, tx }: Context, { claimId }: Hints, placedAt: Date): Promise<Claim | null> {
  if (!claimId) return null;
  const claim = await tx.referral.findUnique({ where: { shopId_id: { shopId: shop.id, id: claimId } } });
  return claim && wasOpen(claim, placedAt) ? claim : null;
}

/** Of somebody who let a claim expire and claimed again, the claim that was open when they ordered. */
async function claimOfBuyer(ctx: Context, programId: string, placed: Placed): Promise<Claim | null> {
  const claims = await referralsOf(ctx, programId, placed.people, WAITING);
  const open = claims.filter((claim) => wasOpen(claim, placed.placedAt));
  return open.find(({ state }) => state === "claimed") ?? open[0] ?? null;
}

/** The states in which an order can complete a claim. */
const WAITING = ["claimed", "expired"];

function waits({ state }: Pick<Referral, "state">): boolean {
  return WAITING.includes(state);
}

/**
 * Whether somebody had claimed before they ordered, and the claim had not expired by then. Shopify's times are whole
 * seconds, so that a claim of the same second comes first.
 */
function wasOpen({ state, claimedAt, updatedAt }: Referral, placedAt: Date): boolean {
  if (claimedAt === null || Math.floor(claimedAt.getTime() / 1000) * 1000 > placedAt.getTime()) return false;
  return state === "claimed" || (state === "expired" && placedAt <= updatedAt);
}
