import type { Person, Prisma, Referral } from "@prisma/client";
import { z } from "zod";
import type { Context } from "#app/domain/context.ts";
import { knowBuyer } from "#app/domain/people/know-buyer.ts";
import { couponsOn, redeemCoupons, redemption } from "#app/domain/rewards/redeem-coupons.ts";
import { approveReferral } from "./approve-referral.ts";
import { findAttribution, lockAttribution } from "./find-attribution.ts";
import { followOrder } from "./follow-order.ts";
import { type OrderFacts, orderFacts } from "./order-facts.ts";
import { type LiveProgram, readProgram, readProgramAt, readTerms } from "./program.ts";
import { boughtAsFriend, isSamePerson, peopleOf } from "./recipient.ts";
import { type Attribution, finalRefusal, hintsOf, judge, type OrderSignals, type Refusal, revenueOf } from "./rules.ts";
import type { ProgramTerms } from "./terms.ts";
import { type Grounds, lockReferral, type Moved, moveReferral, startReferral } from "./transition.ts";

const DAY = 86_400_000;

type ReferrerWithPerson = Prisma.ReferrerGetPayload<{ include: { person: true } }>;
type Attributed = Extract<Attribution, { attributed: true }>;

/** An order as it now is, with what only others know about it. */
export type RecordedOrder = {
  readonly order: OrderFacts;
  /** From the webhook's payload; the Admin API does not have it. */
  readonly landingSite: string | null;
  /** Whether the buyer had a paid order before this one; null if Shopify could not tell. */
  readonly earlierPaidOrder: boolean | null;
};

/** What became of it. */
export type OrderOutcome =
  | { readonly kind: "unattributed" }
  /** A newer version of the order was recorded before. */
  | { readonly kind: "stale" }
  | { readonly kind: "refused"; readonly because: Refusal }
  | { readonly kind: "recorded"; readonly referralId: string; readonly state: string };

/** What a webhook's payload says of an order, enough to see whether it concerns us. */
export type OrderGlimpse = OrderSignals & {
  readonly gid: string;
  readonly buyer: { readonly gid: string | null; readonly email: string | null };
  readonly placedAt: Date;
};

/** Whether an order has anything to do with a referral: it is known, names somebody, or uses one of our coupons. */
export async function concernsUs(ctx: Context, glimpse: OrderGlimpse): Promise<boolean> {
  const { shop, tx } = ctx;
  const { gid } = glimpse;
  if (await tx.orderFacts.findUnique({ where: { shopId_gid: { shopId: shop.id, gid } } })) return true;
  const hints = hintsOf(glimpse, shop.proxyPath);
  if ((await couponsOn(ctx, hints.codes)).length > 0) return true;
  const program = await readProgram(ctx);
  const placed = { people: await peopleOf(ctx, glimpse.buyer), placedAt: glimpse.placedAt };
  return program !== null && (await findAttribution(ctx, program, hints, placed)).attributed;
}

/**
 * Records an order: a first look may complete or start a referral, a later one may take it back or change what it
 * brought. The same order, told again in any order of its versions, changes nothing twice.
 */
export async function recordOrder(ctx: Context, recorded: RecordedOrder): Promise<OrderOutcome> {
  const { shop, tx } = ctx;
  const { order } = recorded;
  await lockOrder(ctx, order.gid);
  const known = await tx.orderFacts.findUnique({ where: { shopId_gid: { shopId: shop.id, gid: order.gid } } });
  if (known && known.updatedAt > new Date(order.updatedAt)) return { kind: "stale" };
  const landingSite = known?.landingSite ?? recorded.landingSite;
  const referral = known?.referralId ? await lockReferral(ctx, known.referralId) : null;
  if (referral) {
    await redeemCoupons(ctx, order);
    const { id, state, recipientId } = await followOrder(ctx, referral, order);
    await keepFacts(ctx, order, { landingSite, personId: recipientId, referralId: id, verdict: state });
    return { kind: "recorded", referralId: id, state };
  }
  const because = known && finalRefusal(known.verdict);
  if (!because) return considerOrder(ctx, { ...recorded, landingSite });
  await redeemCoupons(ctx, order);
  await keepFacts(ctx, order, { landingSite, personId: known.personId, referralId: null, verdict: because });
  return { kind: "refused", because };
}

/** Whoever else decides on that order waits until this decision commits: before the first one there is no row to lock. */
async function lockOrder({ shop, tx }: Context, gid: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`order ${shop.id} ${gid}`}, 0))`;
}

/** A first look: is it somebody's referral, and does it count? */
async function considerOrder(ctx: Context, recorded: RecordedOrder): Promise<OrderOutcome> {
  const { order, landingSite, earlierPaidOrder } = recorded;
  const discountCodes = order.discountCodes.map(({ code }) => code);
  const hints = hintsOf({ ...order, discountCodes, landingSite }, ctx.shop.proxyPath);
  const people = await peopleOf(ctx, order.buyer);
  const placed = { people, placedAt: new Date(order.placedAt) };
  const program = await readProgramAt(ctx, placed.placedAt);
  const attribution = program && (await lockAttribution(ctx, program, hints, placed));
  if (!program || !attribution?.attributed) {
    if ((await couponsOn(ctx, hints.codes)).length > 0) await keepRedemption(ctx, order, landingSite);
    return { kind: "unattributed" };
  }
  const referrer = await referrerById(ctx, attribution.referrerId);
  const claim = attribution.claimId === null ? null : await lockReferral(ctx, attribution.claimId);
  const terms = claim ? await readTerms(ctx, claim.programId, claim.programVersion) : program.terms;
  const verdict = judge(
    order,
    {
      isReferrer: await isSamePerson(ctx, people, order.buyer, referrer.person),
      earlierPaidOrder: (await boughtAsFriend(ctx, people, order.gid)) || earlierPaidOrder,
      claimed: claim !== null,
    },
    terms,
  );
  const person = await knowBuyer(ctx, order.buyer);
  await redeemCoupons(ctx, order);
  if (!verdict.counts || !person) {
    const because = verdict.counts ? "no_buyer" : verdict.because;
    await keepFacts(ctx, order, { landingSite, personId: person?.id ?? null, referralId: null, verdict: because });
    return { kind: "refused", because };
  }
  const found = { attribution, program, claim, terms, referrer, person };
  const { id, state, recipientId } = await purchase(ctx, recorded, found);
  await keepFacts(ctx, order, { landingSite, personId: recipientId, referralId: id, verdict: state });
  return { kind: "recorded", referralId: id, state };
}

type Purchase = {
  readonly attribution: Attributed;
  readonly program: LiveProgram;
  /** The claim that the order completes; null where nobody claimed. */
  readonly claim: Referral | null;
  /** The claim's, or those of the moment of the order. */
  readonly terms: ProgramTerms;
  readonly referrer: ReferrerWithPerson;
  readonly person: Person;
};

async function purchase(ctx: Context, { order, earlierPaidOrder }: RecordedOrder, found: Purchase): Promise<Referral> {
  const { terms, attribution, referrer, person } = found;
  const { signal, code } = attribution;
  const grounds = { cause: "order_paid" as const, evidence: { order: order.name, signal, code, earlierPaidOrder } };
  const { referral, transitionId } = await reachPurchased(ctx, order, found, grounds);
  if (signal === "code" && code !== null && [referrer.code, ...referrer.formerCodes].includes(code)) {
    const payload = redemption(order, code);
    const at = new Date(order.placedAt);
    await ctx.emit({ entry: "redeemed-coupon.recipient", personId: person.id, cause: transitionId, at, payload });
  }
  const { holdDays } = terms;
  if (holdDays > 0 || referral.review !== null) return referral;
  return approveReferral(ctx, referral, terms, { cause: "hold_ended", evidence: { holdDays } });
}

/** Moves the claim on, or starts a referral where nobody claimed. */
async function reachPurchased(
  ctx: Context,
  order: OrderFacts,
  { attribution, program, claim, terms, referrer, person }: Purchase,
  grounds: Grounds,
): Promise<Moved> {
  const bought = {
    signal: attribution.signal,
    orderGid: order.gid,
    orderName: order.name,
    revenue: revenueOf(order, terms),
    purchasedAt: order.placedAt,
    dueAt: terms.holdDays > 0 ? new Date(ctx.now.getTime() + terms.holdDays * DAY) : null,
  };
  if (claim) return moveReferral(ctx, claim, "purchased", grounds, bought);
  return startReferral(
    ctx,
    {
      ...bought,
      programId: program.id,
      programVersion: program.version,
      referrerId: referrer.id,
      recipientId: person.id,
      state: "purchased",
      currency: ctx.shop.currency,
    },
    grounds,
  );
}

/** An order that is nobody's referral, but used a coupon of ours. */
async function keepRedemption(ctx: Context, order: OrderFacts, landingSite: string | null): Promise<void> {
  await redeemCoupons(ctx, order);
  const person = await knowBuyer(ctx, order.buyer);
  await keepFacts(ctx, order, { landingSite, personId: person?.id ?? null, referralId: null, verdict: "coupon_used" });
}

async function referrerById({ shop, tx }: Context, id: string): Promise<ReferrerWithPerson> {
  return tx.referrer.findUniqueOrThrow({ where: { shopId_id: { shopId: shop.id, id } }, include: { person: true } });
}

async function keepFacts(
  { shop, tx }: Context,
  order: OrderFacts,
  rest: { landingSite: string | null; personId: string | null; referralId: string | null; verdict: string },
): Promise<void> {
  const row = { ...rest, facts: z.encode(orderFacts, order), updatedAt: order.updatedAt };
  await tx.orderFacts.upsert({
    where: { shopId_gid: { shopId: shop.id, gid: order.gid } },
    create: { shopId: shop.id, gid: order.gid, ...row },
    update: row,
  });
}
