import type { OrderFacts } from "./order-facts.ts";
import type { ProgramTerms } from "./terms.ts";

/** The states of a referral. */
export const states = [
  "invited",
  "pending",
  "claimed",
  "purchased",
  "approved",
  "rejected",
  "reversed",
  "expired",
] as const;
export type State = (typeof states)[number];

/** Cart attribute that carries the referrer's code. */
export const CODE_ATTRIBUTE = "_passalong";
/** Cart attribute that carries the referral once it is claimed. */
export const CLAIM_ATTRIBUTE = "_passalong_claim";
/** Query parameter of any page of the shop that carries the referrer's code. */
export const CODE_PARAMETER = "ref";
/** What an address may begin with in a shop of several languages or markets: `/de`, `/pt-br`. */
const LOCALE_PREFIX = /^\/[a-z]{2,3}(?:-[a-z0-9]{2,4})*(?=\/)/i;

/** What attributed an order, in order of trust. */
export type Signal = "code" | "attribute" | "claim" | "landing";

/** What of an order can attribute it, whether from a webhook's payload or from the Admin API. */
export type OrderSignals = {
  readonly discountCodes: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
  /** Path and query of the session's first page; only webhook payloads have it. */
  readonly landingSite: string | null;
};

/** The same, cleaned: codes in upper case, "" where there is none. */
export type Hints = {
  readonly codes: readonly string[];
  readonly attribute: string;
  readonly claimId: string;
  /** The codes that the first page names, its `ref=` before the one in its path. */
  readonly landing: readonly string[];
};

/**
 * What an order carries. Codes are told apart without regard to case or surrounding space, as Shopify's are.
 * @param proxyPath where the shop serves the referrers' links
 */
export function hintsOf({ discountCodes, attributes, landingSite }: OrderSignals, proxyPath: string): Hints {
  return {
    codes: codesOf(discountCodes),
    attribute: normalCode(attributes[CODE_ATTRIBUTE] ?? ""),
    claimId: attributes[CLAIM_ATTRIBUTE]?.trim() ?? "",
    landing: codesOf(landingCodes(landingSite ?? "", proxyPath)),
  };
}

function codesOf(texts: readonly string[]): string[] {
  return texts.map(normalCode).filter((code) => code !== "");
}

export function normalCode(code: string): string {
  return code.trim().toUpperCase();
}

/** A link leads to `{proxyPath}/{code}`, which is then the first page; the pages further below it are nobody's link. */
function landingCodes(pathOrUrl: string, proxyPath: string): string[] {
  const [address = ""] = pathOrUrl.split("#", 1);
  const [path = "", ...query] = address.replace(/^https?:\/\/[^/?]*/i, "").split("?");
  const parameter = new URLSearchParams(query.join("?")).get(CODE_PARAMETER) ?? "";
  const local = path.replace(LOCALE_PREFIX, "");
  const below = local.startsWith(`${proxyPath}/`) ? local.slice(proxyPath.length + 1).replace(/\/$/, "") : "";
  return [parameter, below.includes("/") ? "" : below];
}

/** A referral that a friend has claimed and not yet ordered with. */
export type Claim = { readonly id: string; readonly referrerId: string };

/** What the tables know about an order's hints and its buyer. */
export type Known = {
  /** Referrers of the live program by their code. */
  readonly referrers: ReadonlyMap<string, string>;
  /** Claims by the code of the coupon that the friend got. */
  readonly claimsByCoupon: ReadonlyMap<string, Claim>;
  /** The claim that the cart names, if there is such a one. */
  readonly claimOfCart: Claim | null;
  /** The claim of the buyer's own address or customer id. */
  readonly claimOfBuyer: Claim | null;
};

export type Attribution =
  | {
      readonly attributed: true;
      readonly signal: Signal;
      readonly referrerId: string;
      /** The claim that the order completes; null where nobody claimed before. */
      readonly claimId: string | null;
      /** The code that said so, if a code did. */
      readonly code: string | null;
    }
  | { readonly attributed: false; readonly because: "no_signal" | "unknown_code" };

/**
 * Decides whose referral an order is: a code on the order, then the cart's attributes, then the address that claimed,
 * then the first page. The first that names somebody wins. A referrer's code completes the buyer's own claim only if it
 * is that same referrer's: on an order the code beats the claim.
 */
export function attribute(hints: Hints, known: Known): Attribution {
  for (const code of hints.codes) {
    const claim = known.claimsByCoupon.get(code);
    if (claim) return byClaim("code", claim, code);
    const referrerId = known.referrers.get(code);
    if (referrerId) return byReferrer("code", referrerId, code, known);
  }
  if (hints.claimId && known.claimOfCart) return byClaim("attribute", known.claimOfCart, null);
  const ofCart = known.referrers.get(hints.attribute);
  if (ofCart) return byReferrer("attribute", ofCart, hints.attribute, known);
  if (known.claimOfBuyer) return byClaim("claim", known.claimOfBuyer, null);
  for (const code of hints.landing) {
    const ofLanding = known.referrers.get(code);
    if (ofLanding) return byReferrer("landing", ofLanding, code, known);
  }
  const silent = hints.codes.length + hints.landing.length === 0 && !hints.attribute && !hints.claimId;
  return { attributed: false, because: silent ? "no_signal" : "unknown_code" };
}

function byClaim(signal: Signal, claim: Claim, code: string | null): Attribution {
  return { attributed: true, signal, referrerId: claim.referrerId, claimId: claim.id, code };
}

function byReferrer(signal: Signal, referrerId: string, code: string, { claimOfBuyer }: Known): Attribution {
  const claimId = claimOfBuyer?.referrerId === referrerId ? claimOfBuyer.id : null;
  return { attributed: true, signal, referrerId, claimId, code };
}

/** Why an attributed order does not count. */
export type Refusal =
  | "test_order"
  | "draft_order"
  | "subscription_renewal"
  | "gift_cards_only"
  | "below_minimum"
  | "cancelled"
  | "not_paid"
  | "no_buyer"
  | "self_referral"
  | "not_first_order"
  | "not_claimed";

/**
 * Refusals that no later look lifts. The others say how the order is for now: it may be paid, edited or get its buyer.
 * What else changes afterwards (who has bought since, whose order fell) is not for an order of before to gain by.
 */
const FINAL: readonly Refusal[] = [
  "test_order",
  "draft_order",
  "subscription_renewal",
  "cancelled",
  "self_referral",
  "not_first_order",
  "not_claimed",
];

/** The refusal that a recorded verdict is, if it is one for good. */
export function finalRefusal(verdict: string): Refusal | null {
  return FINAL.find((refusal) => refusal === verdict) ?? null;
}

export type Verdict = { readonly counts: true } | { readonly counts: false; readonly because: Refusal };

/** What is known about the buyer besides the order. */
export type BuyerHistory = {
  readonly isReferrer: boolean;
  /** A paid order before this one; null when Shopify could not be asked: counts as new. */
  readonly earlierPaidOrder: boolean | null;
  /** Whether they had claimed the referral before. */
  readonly claimed: boolean;
};

/** Decides whether an attributed order is a successful purchase under the program's terms. */
export function judge(order: OrderFacts, history: BuyerHistory, terms: ProgramTerms): Verdict {
  const refusal = refusalOf(order, history, terms);
  return refusal ? { counts: false, because: refusal } : { counts: true };
}

function refusalOf(order: OrderFacts, history: BuyerHistory, terms: ProgramTerms): Refusal | null {
  if (order.test) return "test_order";
  if (order.sourceName === "shopify_draft_order") return "draft_order";
  if (order.sourceName === "subscription_contract") return "subscription_renewal";
  if (order.lines.length > 0 && order.lines.every((line) => line.giftCard)) return "gift_cards_only";
  if (!order.buyer.gid && !order.buyer.email) return "no_buyer";
  if (history.isReferrer) return "self_referral";
  if (terms.firstOrderOnly && history.earlierPaidOrder) return "not_first_order";
  if (!terms.countsUnclaimed && !history.claimed) return "not_claimed";
  return standing(order, terms) ?? (order.paid ? null : "not_paid");
}

/** Why an order that counted would no longer do so, as it now is: null while it still does. */
export function standing(order: OrderFacts, terms: ProgramTerms): "cancelled" | "below_minimum" | null {
  if (order.cancelledAt) return "cancelled";
  const revenue = revenueOf(order, terms);
  if (revenue < BigInt(terms.minimumOrderRevenue) || revenue <= 0n) return "below_minimum";
  return null;
}

/**
 * What the order brought the shop, in minor units of its currency: the lines after discounts, less refunds, without
 * gift cards, and without tax unless the program says otherwise; shipping and tips are no lines. Never negative.
 */
export function revenueOf(order: OrderFacts, { revenueWithTax }: Pick<ProgramTerms, "revenueWithTax">): bigint {
  const giftCards = new Set(order.lines.filter((line) => line.giftCard).map((line) => line.gid));
  const inPrice = order.taxesIncluded;
  const value = ({ total, tax }: { total: bigint; tax: bigint }) =>
    revenueWithTax ? total + (inPrice ? 0n : tax) : total - (inPrice ? tax : 0n);
  let revenue = 0n;
  for (const line of order.lines) if (!line.giftCard) revenue += value(line);
  for (const refund of order.refunds) {
    for (const line of refund.lines) if (!giftCards.has(line.lineGid)) revenue -= value(line);
    revenue -= refund.other;
  }
  return revenue < 0n ? 0n : revenue;
}

/** The steps a referral can take; `rejected` goes back to where it was when a merchant overrules. */
export const steps = {
  invited: ["claimed", "expired"],
  pending: ["claimed", "expired"],
  claimed: ["purchased", "expired", "rejected"],
  purchased: ["approved", "rejected"],
  approved: ["reversed"],
  rejected: ["claimed", "purchased"],
  reversed: [],
  expired: ["purchased"],
} as const satisfies Record<State, readonly State[]>;

export function canStep(from: State, to: State): boolean {
  return (steps[from] as readonly State[]).includes(to);
}
