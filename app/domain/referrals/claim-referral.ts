import type { Person, Referral, Referrer } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { knowPerson } from "#app/domain/people/know-person.ts";
import { type Consent, recordConsent } from "#app/domain/people/record-consent.ts";
import { claimEnd } from "#app/domain/rewards/expiry.ts";
import { type ClaimOutcome, completeClaim, giveCoupon, showCoupon } from "./complete-claim.ts";
import { addConsent, hasFreshProof, makeProof } from "./make-proof.ts";
import { type LiveProgram, readProgram, readTerms } from "./program.ts";
import { boughtAsFriend, isSamePerson, OPEN, openReferralOf, peopleOf } from "./recipient.ts";
import { findReferrerByCode } from "./referrer.ts";
import { lockReferral, moveReferral, startReferral } from "./transition.ts";

const DAY = 86_400_000;

/** What a friend leaves on the storefront. */
export type Details = {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly locale: string | null;
  /** Only if they ticked it. */
  readonly consent: Consent | null;
};

/**
 * A friend who came by a link leaves their details. The first claim wins: one who has claimed before, through whatever
 * link, is shown the coupon that they have.
 */
export async function claimReferral(ctx: Context, linkCode: string, details: Details): Promise<ClaimOutcome> {
  const program = await readProgram(ctx);
  if (!program) return { kind: "refused", because: "no_program" };
  const referrer = await findReferrerByCode(ctx, program.id, linkCode);
  if (!referrer) return { kind: "refused", because: "unknown_code" };
  const friend = { gid: null, email: details.email };
  const people = await peopleOf(ctx, friend);
  if (await isSamePerson(ctx, people, friend, referrer.person)) return { kind: "refused", because: "self_referral" };
  const found = await openReferralOf(ctx, program.id, people);
  const locked = found && (await lockReferral(ctx, found.id));
  const open = locked && OPEN.includes(locked.state) ? locked : null;
  if (open && open.state !== "invited") return resume(ctx, open, details);
  if (program.terms.firstOrderOnly && (await boughtAsFriend(ctx, people, null))) {
    return { kind: "refused", because: "not_first_order" };
  }
  const recipient = await knowPerson(ctx, { ...details, gid: null, phone: null });
  if (!recipient?.email) return { kind: "refused", because: "bad_email" };
  return open
    ? acceptInvitation(ctx, open, recipient, details.consent)
    : startClaim(ctx, program, referrer, recipient, details.consent);
}

/**
 * Whoever has claimed sees their coupon again. Where addresses are verified they get a new link first, unless one was just
 * sent: anybody can type the address of somebody who has a coupon.
 */
async function resume(ctx: Context, referral: Referral, { consent }: Details): Promise<ClaimOutcome> {
  const { verifyAddress } = await readTerms(ctx, referral.programId, referral.programVersion);
  if (verifyAddress) return askForProof(ctx, referral, await recipientOf(ctx, referral), consent);
  if (consent) await recordConsent(ctx, referral.recipientId, consent);
  return showCoupon(ctx, referral);
}

/** Sends a link that proves the address; one who asks twice in a minute has it already. */
async function askForProof(
  ctx: Context,
  referral: Referral,
  recipient: Person,
  consent: Consent | null,
): Promise<ClaimOutcome> {
  const { id: referralId } = referral;
  if (await hasFreshProof(ctx, referral)) {
    if (consent) await addConsent(ctx, referral, consent);
  } else {
    const link = await makeProof(ctx, referral, consent);
    await emitOptedIn(ctx, recipient, `${referralId}:proof:${ctx.now.toISOString()}`, link);
  }
  return { kind: "verify", referralId };
}

async function startClaim(
  ctx: Context,
  program: LiveProgram,
  referrer: Referrer,
  recipient: Person,
  consent: Consent | null,
): Promise<ClaimOutcome> {
  const { shop, now } = ctx;
  const { verifyAddress, claimDays } = program.terms;
  const moved = await startReferral(
    ctx,
    {
      programId: program.id,
      programVersion: program.version,
      referrerId: referrer.id,
      recipientId: recipient.id,
      state: verifyAddress ? "pending" : "claimed",
      currency: shop.currency,
      claimedAt: verifyAddress ? null : now,
      dueAt: verifyAddress ? new Date(now.getTime() + claimDays * DAY) : claimEnd(program.terms, now),
    },
    { cause: "details_left", evidence: { code: referrer.code } },
  );
  if (verifyAddress) return askForProof(ctx, moved.referral, recipient, consent);
  if (consent) await recordConsent(ctx, recipient.id, consent);
  await emitOptedIn(ctx, recipient, moved.transitionId, null);
  return completeClaim(ctx, moved, recipient, program.terms);
}

/**
 * An invited friend leaves their details. That the invitation went to their address proves nothing: whoever sent it has the
 * link too. With verification on they are invited until they follow the one in the mail.
 */
async function acceptInvitation(
  ctx: Context,
  invited: Referral,
  recipient: Person,
  consent: Consent | null,
): Promise<ClaimOutcome> {
  const terms = await readTerms(ctx, invited.programId, invited.programVersion);
  if (terms.verifyAddress) return askForProof(ctx, invited, recipient, consent);
  if (consent) await recordConsent(ctx, recipient.id, consent);
  const moved = await moveReferral(
    ctx,
    invited,
    "claimed",
    { cause: "details_left", evidence: { invited: true } },
    { claimedAt: ctx.now, dueAt: claimEnd(terms, ctx.now) },
  );
  await emitOptedIn(ctx, recipient, moved.transitionId, null);
  return giveCoupon(ctx, moved.referral, recipient, terms);
}

async function emitOptedIn(ctx: Context, recipient: Person, cause: string, verificationLink: string | null) {
  await ctx.emit({
    entry: "opted-in.recipient",
    personId: recipient.id,
    cause,
    payload: {
      "Recipient First Name": recipient.firstName ?? "",
      "Recipient Last Name": recipient.lastName ?? "",
      "Recipient Email": recipient.email ?? "",
      "Date Opted-In": ctx.now.toISOString(),
      ...(verificationLink ? { "Verification Link": verificationLink } : {}),
    },
  });
}

async function recipientOf({ shop, tx }: Context, { recipientId: id }: Referral): Promise<Person> {
  return tx.person.findUniqueOrThrow({ where: { shopId_id: { shopId: shop.id, id } } });
}
