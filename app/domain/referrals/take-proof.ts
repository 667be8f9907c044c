import type { Person } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { claimEnd } from "#app/domain/rewards/expiry.ts";
import { type ClaimOutcome, completeClaim } from "./complete-claim.ts";
import { hashOfToken } from "./make-proof.ts";
import { readTerms } from "./program.ts";
import { lockReferral, moveReferral } from "./transition.ts";

/** What following such a link comes to. */
export type ProofOutcome =
  | ClaimOutcome
  | { readonly kind: "refused"; readonly because: "unknown_proof" | "proof_expired" };

/** Takes the proof of an address: the friend gets their coupon. A link works once; the second time it shows the coupon. */
export async function takeProof(ctx: Context, token: string): Promise<ProofOutcome> {
  const { shop, tx, now } = ctx;
  const tokenHash = hashOfToken(token);
  const proof = await tx.addressProof.findUnique({ where: { shopId_tokenHash: { shopId: shop.id, tokenHash } } });
  const referral = proof && (await lockReferral(ctx, proof.referralId));
  if (!proof || !referral) return { kind: "refused", because: "unknown_proof" };
  if (proof.usedAt || referral.state !== "pending" || proof.expiresAt <= now) {
    return { kind: "refused", because: "proof_expired" };
  }
  await tx.addressProof.update({
    where: { shopId_tokenHash: { shopId: shop.id, tokenHash } },
    data: { usedAt: now },
  });
  const terms = await readTerms(ctx, referral.programId, referral.programVersion);
  const recipient = await recipientOf(ctx, referral.recipientId);
  const moved = await moveReferral(
    ctx,
    referral,
    "claimed",
    { cause: "address_verified", evidence: {} },
    { claimedAt: now, dueAt: claimEnd(terms, now) },
  );
  return completeClaim(ctx, moved, recipient, terms);
}

async function recipientOf({ shop, tx }: Context, id: string): Promise<Person> {
  return tx.person.findUniqueOrThrow({ where: { shopId_id: { shopId: shop.id, id } } });
}
