import type { AddressProof, Person, Referral } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { consent, recordConsent } from "#app/domain/people/record-consent.ts";
import { claimEnd } from "#app/domain/rewards/expiry.ts";
import { type ClaimOutcome, completeClaim, giveCoupon, showCoupon } from "./complete-claim.ts";
import { hashOfToken } from "./make-proof.ts";
import { readTerms } from "./program.ts";
import { boughtAsFriend } from "./recipient.ts";
import { lockReferral, moveReferral } from "./transition.ts";

/** What following such a link comes to. */
export type ProofOutcome =
  | ClaimOutcome
  | { readonly kind: "refused"; readonly because: "unknown_proof" | "proof_expired" };

/** The states that wait for a proof: left their details by a link, or after an invitation; or wants to see the coupon again. */
const PROVABLE: readonly string[] = ["pending", "invited", "claimed"];

/** Whether such a link still does something. */
export function isProofOpen(
  proof: Pick<AddressProof, "usedAt" | "expiresAt">,
  referral: Pick<Referral, "state">,
  now: Date,
): boolean {
  return proof.usedAt === null && proof.expiresAt > now && PROVABLE.includes(referral.state);
}

/** Takes the proof of an address: the friend gets their coupon, or is shown the one that they have. A link works once. */
export async function takeProof(ctx: Context, token: string): Promise<ProofOutcome> {
  const { shop, tx, now } = ctx;
  const tokenHash = hashOfToken(token);
  const known = await tx.addressProof.findUnique({ where: { shopId_tokenHash: { shopId: shop.id, tokenHash } } });
  const referral = known && (await lockReferral(ctx, known.referralId));
  if (!known || !referral) return { kind: "refused", because: "unknown_proof" };
  if (!isProofOpen(known, referral, now)) return { kind: "refused", because: "proof_expired" };
  const terms = await readTerms(ctx, referral.programId, referral.programVersion);
  const recipient = await recipientOf(ctx, referral.recipientId);
  const hasClaimed = referral.state === "claimed";
  if (!hasClaimed && terms.firstOrderOnly && (await boughtAsFriend(ctx, [recipient.id], null))) {
    return { kind: "refused", because: "not_first_order" };
  }
  await tx.addressProof.update({
    where: { shopId_tokenHash: { shopId: shop.id, tokenHash } },
    data: { usedAt: now },
  });
  const ticked = consent.nullable().parse(known.consent);
  if (ticked) await recordConsent(ctx, recipient.id, { ...ticked, source: "proved_form" });
  if (hasClaimed) return showCoupon(ctx, referral);
  const isInvited = referral.state === "invited";
  const moved = await moveReferral(
    ctx,
    referral,
    "claimed",
    { cause: "address_verified", evidence: isInvited ? { invited: true } : {} },
    { claimedAt: now, dueAt: claimEnd(terms, now) },
  );
  return isInvited ? giveCoupon(ctx, moved.referral, recipient, terms) : completeClaim(ctx, moved, recipient, terms);
}

async function recipientOf({ shop, tx }: Context, id: string): Promise<Person> {
  return tx.person.findUniqueOrThrow({ where: { shopId_id: { shopId: shop.id, id } } });
}
