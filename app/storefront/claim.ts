import type { Context } from "#app/domain/context.ts";
import type { Consent } from "#app/domain/people/record-consent.ts";
import { claimReferral } from "#app/domain/referrals/claim-referral.ts";
import { shareableLink } from "#app/domain/referrals/referrer.ts";
import { normalCode } from "#app/domain/referrals/rules.ts";
import { type ProofOutcome, takeProof } from "#app/domain/referrals/take-proof.ts";
import type { ClaimAnswer, ClaimRequest } from "./contract.ts";
import { type Spent, spendSignature } from "./spend-signature.ts";
import { consentWords } from "./words.ts";

/** What no name has: merchants greet people by them in their mails, so neither markup nor a link may go along. */
const NO_NAME = /[<>{}[\]()/\\@:;|\p{Cc}]|\S\.\p{L}{2}/u;

/**
 * A friend who came by a link leaves their details.
 * @param code as the link has it
 * @returns "replayed" if the request came before
 */
export async function claim(
  ctx: Context,
  code: string,
  details: ClaimRequest,
  request: Spent,
): Promise<ClaimAnswer | "replayed"> {
  if (!(await spendSignature(ctx, request))) return "replayed";
  const { firstName, lastName, email, locale } = details;
  if (!firstName || NO_NAME.test(firstName)) return { state: "refused", because: "bad_first_name" };
  if (NO_NAME.test(lastName)) return { state: "refused", because: "bad_last_name" };
  const consent = details.consent ? consentTo(ctx, code, locale) : null;
  return answerOf(await claimReferral(ctx, code, { firstName, lastName, email, locale, consent }));
}

/**
 * Somebody presses the button behind the link of a verification mail.
 * @returns "replayed" if the request came before
 */
export async function prove(ctx: Context, token: string, request: Spent): Promise<ClaimAnswer | "replayed"> {
  if (!(await spendSignature(ctx, request))) return "replayed";
  return answerOf(await takeProof(ctx, token));
}

/** What they agreed to: our own words in the language that they saw, never words that the request brings. */
function consentTo({ shop }: Context, code: string, locale: string): Consent {
  return {
    channel: "email",
    state: "subscribed",
    text: consentWords(locale, shop.name),
    place: shareableLink(shop, normalCode(code)),
    source: "claim_form",
  };
}

function answerOf(outcome: ProofOutcome): ClaimAnswer {
  switch (outcome.kind) {
    case "claimed":
      return outcome.coupon === null
        ? { state: "coming", claim: outcome.referralId }
        : { state: "claimed", coupon: outcome.coupon, claim: outcome.referralId };
    case "verify":
      return { state: "verify" };
    case "refused":
      return outcome.because === "unknown_proof" || outcome.because === "proof_expired"
        ? { state: "expired" }
        : { state: "refused", because: outcome.because };
  }
}
