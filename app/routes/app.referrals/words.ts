import type { ParseKeys, TFunction } from "i18next";
import type { Refusal, Signal, State } from "#app/domain/referrals/rules.ts";
import type { Cause } from "#app/domain/referrals/transition.ts";
import type { BadgeTone } from "#app/ui/badge.tsx";

/** How a referral's state looks. Red is for errors; a referral that does not count is none. */
export const stateTones = {
  invited: "neutral",
  pending: "neutral",
  claimed: "info",
  purchased: "waiting",
  approved: "good",
  rejected: "warning",
  reversed: "warning",
  expired: "neutral",
} as const satisfies Record<State, BadgeTone>;

/** What attributed the order, in words. */
const signalWords: Record<string, ParseKeys> = {
  code: "referrals.signal.code",
  attribute: "referrals.signal.attribute",
  claim: "referrals.signal.claim",
  landing: "referrals.signal.landing",
} satisfies Record<Signal, ParseKeys>;

/** What moved the referral, in words. */
const causeWords: Record<string, ParseKeys> = {
  invited: "referrals.reason.invited",
  details_left: "referrals.reason.details_left",
  address_verified: "referrals.reason.address_verified",
  order_paid: "referrals.reason.order_paid",
  hold_ended: "referrals.reason.hold_ended",
  order_cancelled: "referrals.reason.order_cancelled",
  order_refunded: "referrals.reason.order_refunded",
  window_ended: "referrals.reason.window_ended",
  merchant_approved: "referrals.reason.merchant_approved",
  merchant_rejected: "referrals.reason.merchant_rejected",
  merchant_overruled: "referrals.reason.merchant_overruled",
  customers_merged: "referrals.reason.customers_merged",
} satisfies Record<Cause, ParseKeys>;

/** Why an order counts for nobody, in words. */
const verdictWords: Record<string, ParseKeys> = {
  test_order: "referrals.verdict.test_order",
  draft_order: "referrals.verdict.draft_order",
  subscription_renewal: "referrals.verdict.subscription_renewal",
  gift_cards_only: "referrals.verdict.gift_cards_only",
  below_minimum: "referrals.verdict.below_minimum",
  cancelled: "referrals.verdict.cancelled",
  not_paid: "referrals.verdict.not_paid",
  no_buyer: "referrals.verdict.no_buyer",
  self_referral: "referrals.verdict.self_referral",
  not_first_order: "referrals.verdict.not_first_order",
  not_claimed: "referrals.verdict.not_claimed",
  coupon_used: "referrals.verdict.coupon_used",
} satisfies Record<Refusal | "coupon_used", ParseKeys>;

/** What moved a referral. */
export function causeText(t: TFunction, cause: string): string {
  return textOf(t, causeWords, cause);
}

/** What attributed an order. */
export function signalText(t: TFunction, signal: string): string {
  return textOf(t, signalWords, signal);
}

/** Why an order counts for nobody. */
export function verdictText(t: TFunction, verdict: string): string {
  return textOf(t, verdictWords, verdict);
}

/** Why a referral is where it is: a rule's reason in our words, a merchant's in theirs, else what attributed it. */
export function whyText(t: TFunction, { reason, signal }: { reason: string | null; signal: string | null }): string {
  if (reason) return causeText(t, reason) || verdictText(t, reason) || reason;
  return signal ? signalText(t, signal) : "";
}

/** What has no words says nothing. */
function textOf(t: TFunction, words: Record<string, ParseKeys>, key: string): string {
  const found = Object.hasOwn(words, key) ? words[key] : undefined;
  return found ? t(found) : "";
}
