import { describe, expect, it } from "vitest";
import type { OrderFacts } from "./order-facts.ts";
import {
  attribute,
  canStep,
  hintsOf,
  judge,
  type Known,
  type OrderSignals,
  revenueOf,
  standing,
  states,
  steps,
} from "./rules.ts";
import { defaultTerms } from "./terms.ts";

const line = (gid: string, total: bigint, rest: Partial<OrderFacts["lines"][number]> = {}) => ({
  gid,
  giftCard: false,
  total,
  tax: 0n,
  ...rest,
});

function order(changes: Partial<OrderFacts> = {}): OrderFacts {
  return {
    gid: "gid://shopify/Order/1",
    name: "#1001",
    placedAt: "2026-11-05T10:00:00Z",
    updatedAt: "2026-11-05T10:00:00Z",
    cancelledAt: null,
    test: false,
    paid: true,
    sourceName: "web",
    currency: "USD",
    presentmentCurrency: "USD",
    taxesIncluded: false,
    buyer: {
      gid: "gid://shopify/Customer/2",
      email: "friend@grove.shop",
      phone: null,
      firstName: "Fern",
      lastName: null,
      locale: null,
    },
    discountCodes: [],
    attributes: {},
    lines: [line("a", 9000n)],
    refunds: [],
    totalPrice: 9900n,
    ...changes,
  };
}

const CLAIM = { id: "rfl_ocean_fern", referrerId: "ocean" };
const nobody: Known = {
  referrers: new Map([
    ["OCEAN7QK", "ocean"],
    ["RIVER2MX", "river"],
  ]),
  claimsByCoupon: new Map([["FRIEND-1", CLAIM]]),
  claimOfCart: null,
  claimOfBuyer: null,
};

/** An order in short: codes, then attributes, then the landing page. */
const carries = (codes: string[], attributes: Record<string, string> = {}, landingSite: string | null = null) => ({
  discountCodes: codes,
  attributes,
  landingSite,
});
const landed = (landingSite: string) => carries([], {}, landingSite);
const attr = (code: string) => ({ _passalong: code });
const cart = (id: string) => ({ _passalong_claim: id });
const oceanClaimed = { claimOfBuyer: CLAIM };
const riverClaimed = { claimOfBuyer: { id: "rfl_river_fern", referrerId: "river" } };
const cartOfOcean = { claimOfCart: CLAIM };

describe("whose referral an order is", () => {
  it.each<[string, OrderSignals, Partial<Known>, string]>([
    // nothing to go by
    ["nothing at all", carries([]), {}, "nobody: no_signal"],
    ["an empty code", carries([" "]), {}, "nobody: no_signal"],
    ["an empty attribute", carries([], attr(" ")), {}, "nobody: no_signal"],
    ["an empty claim", carries([], cart("  ")), {}, "nobody: no_signal"],
    ["another app's attribute", carries([], { _ref: "OCEAN7QK" }), {}, "nobody: no_signal"],
    ["a landing page without ref=", carries([], {}, "/?preference=OCEAN7QK"), {}, "nobody: no_signal"],
    ["an empty ref=", carries([], {}, "/?ref="), {}, "nobody: no_signal"],
    ["an unknown code", carries(["SUMMER"]), {}, "nobody: unknown_code"],
    ["an unknown attribute", carries([], attr("SUMMER")), {}, "nobody: unknown_code"],
    ["an unknown claim", carries([], cart("rfl_x")), {}, "nobody: unknown_code"],
    ["an unknown ref=", carries([], {}, "/?ref=SUMMER"), {}, "nobody: unknown_code"],
    // a referrer's code
    ["a referrer's code", carries(["OCEAN7QK"]), {}, "ocean by code"],
    ["in any case, with spaces", carries([" ocean7qk "]), {}, "ocean by code"],
    ["the second of two codes", carries(["SUMMER", "OCEAN7QK"]), {}, "ocean by code"],
    ["the first of two referrers'", carries(["RIVER2MX", "OCEAN7QK"]), {}, "river by code"],
    [
      "a code of the buyer's own referrer completes the claim",
      carries(["OCEAN7QK"]),
      oceanClaimed,
      "ocean by code, claimed",
    ],
    ["the code beats the claim", carries(["OCEAN7QK"]), riverClaimed, "ocean by code"],
    ["the code beats the cart's claim", carries(["RIVER2MX"], cart(CLAIM.id)), cartOfOcean, "river by code"],
    ["the code beats the attribute", carries(["RIVER2MX"], attr("OCEAN7QK")), {}, "river by code"],
    ["the code beats ref=", carries(["RIVER2MX"], {}, "/?ref=OCEAN7QK"), {}, "river by code"],
    // the coupon that a friend got
    ["a friend's coupon", carries(["FRIEND-1"]), {}, "ocean by code, claimed"],
    ["a friend's coupon in lower case", carries(["friend-1"]), {}, "ocean by code, claimed"],
    ["a friend's coupon after a foreign one", carries(["SUMMER", "FRIEND-1"]), {}, "ocean by code, claimed"],
    [
      "a friend's coupon beats their own claim elsewhere",
      carries(["FRIEND-1"]),
      riverClaimed,
      "ocean by code, claimed",
    ],
    [
      "a coupon before a referrer's code: the first wins",
      carries(["FRIEND-1", "RIVER2MX"]),
      {},
      "ocean by code, claimed",
    ],
    ["a referrer's code before a coupon: the first wins", carries(["RIVER2MX", "FRIEND-1"]), {}, "river by code"],
    ["a coupon beats the attribute", carries(["FRIEND-1"], attr("RIVER2MX")), {}, "ocean by code, claimed"],
    // the cart
    ["the cart's claim", carries([], cart(CLAIM.id)), cartOfOcean, "ocean by attribute, claimed"],
    [
      "the cart's claim before its code",
      carries([], { ...cart(CLAIM.id), ...attr("RIVER2MX") }),
      cartOfOcean,
      "ocean by attribute, claimed",
    ],
    [
      "the cart's code when its claim is unknown",
      carries([], { ...cart("rfl_x"), ...attr("RIVER2MX") }),
      {},
      "river by attribute",
    ],
    ["the cart's code", carries([], attr("OCEAN7QK")), {}, "ocean by attribute"],
    ["the cart's code in lower case", carries([], attr("ocean7qk")), {}, "ocean by attribute"],
    [
      "the cart's code of the buyer's own referrer",
      carries([], attr("OCEAN7QK")),
      oceanClaimed,
      "ocean by attribute, claimed",
    ],
    ["the cart's code beats another's claim", carries([], attr("OCEAN7QK")), riverClaimed, "ocean by attribute"],
    ["an unknown code and a known attribute", carries(["SUMMER"], attr("OCEAN7QK")), {}, "ocean by attribute"],
    ["the attribute beats ref=", carries([], attr("RIVER2MX"), "/?ref=OCEAN7QK"), {}, "river by attribute"],
    // the address that claimed
    ["the buyer's claim", carries([]), oceanClaimed, "ocean by claim, claimed"],
    ["the buyer's claim with a foreign code", carries(["SUMMER"]), oceanClaimed, "ocean by claim, claimed"],
    ["the claim beats ref=", carries([], {}, "/?ref=OCEAN7QK"), riverClaimed, "river by claim, claimed"],
    // the first page
    ["ref= on the first page", carries([], {}, "/products/a?x=1&ref=ocean7qk#top"), {}, "ocean by landing"],
    ["ref= in a whole address", carries([], {}, "https://juniper.shop/?ref=OCEAN7QK"), {}, "ocean by landing"],
    ["ref= twice: the first", carries([], {}, "/?ref=RIVER2MX&ref=OCEAN7QK"), {}, "river by landing"],
    ["an unknown attribute and a known ref=", carries([], attr("SUMMER"), "/?ref=OCEAN7QK"), {}, "ocean by landing"],
    // the first page is the referrer's link
    ["a referrer's link", landed("/apps/passalong/ocean7qk"), {}, "ocean by landing"],
    ["with what a mail adds", landed("/apps/passalong/OCEAN7QK?utm_source=a?b#top"), {}, "ocean by landing"],
    ["as a whole address", landed("https://juniper.shop/apps/passalong/OCEAN7QK/"), {}, "ocean by landing"],
    ["in German", landed("/de/apps/passalong/OCEAN7QK"), {}, "ocean by landing"],
    ["in Brazilian Portuguese", landed("/pt-br/apps/passalong/OCEAN7QK"), {}, "ocean by landing"],
    ["with another's ref=", landed("/apps/passalong/OCEAN7QK?ref=RIVER2MX"), {}, "river by landing"],
    ["with a ref= of the network's own", landed("/apps/passalong/OCEAN7QK?ref=twitter"), {}, "ocean by landing"],
    ["after the claim", landed("/apps/passalong/OCEAN7QK"), oceanClaimed, "ocean by claim, claimed"],
    ["a link that nobody has", landed("/apps/passalong/SUMMER"), {}, "nobody: unknown_code"],
    ["a page below the links", landed("/apps/passalong/verify/OCEAN7QK"), {}, "nobody: no_signal"],
    ["the page above the links", landed("/apps/passalong/"), {}, "nobody: no_signal"],
    ["another app's page", landed("/apps/passalong2/OCEAN7QK"), {}, "nobody: no_signal"],
    ["a page that looks like one", landed("/pages/apps/passalong/OCEAN7QK"), {}, "nobody: no_signal"],
    ["an address elsewhere in the query", landed("/?x=/apps/passalong/OCEAN7QK"), {}, "nobody: no_signal"],
  ])("%s", (_case, order, known, whose) => {
    const found = attribute(hintsOf(order, "/apps/passalong"), { ...nobody, ...known });
    const said = found.attributed
      ? `${found.referrerId} by ${found.signal}${found.claimId ? ", claimed" : ""}`
      : `nobody: ${found.because}`;
    expect(said).toBe(whose);
  });
});

it("a referrer's link is known under the path that the merchant gave the app, and under no other", () => {
  const landing = (landingSite: string) => hintsOf(landed(landingSite), "/community/freunde").landing;
  expect(landing("/de/community/freunde/OCEAN7QK")).toEqual(["OCEAN7QK"]);
  expect(landing("/apps/passalong/OCEAN7QK")).toEqual([]);
});

describe("whether an attributed order counts", () => {
  const stranger = { isReferrer: false, earlierPaidOrder: false, claimed: false };
  it.each([
    ["a friend's first paid order", order(), stranger, null],
    ["an order whose buyer's history is unknown", order(), { ...stranger, earlierPaidOrder: null }, null],
    ["a test order", order({ test: true }), stranger, "test_order"],
    ["a draft order", order({ sourceName: "shopify_draft_order" }), stranger, "draft_order"],
    ["a subscription's renewal", order({ sourceName: "subscription_contract" }), stranger, "subscription_renewal"],
    ["gift cards alone", order({ lines: [line("a", 5000n, { giftCard: true })] }), stranger, "gift_cards_only"],
    ["a free order", order({ lines: [line("a", 0n)] }), stranger, "below_minimum"],
    ["an order without lines", order({ lines: [] }), stranger, "below_minimum"],
    ["a cancelled order", order({ cancelledAt: "2026-11-05T11:00:00Z" }), stranger, "cancelled"],
    ["an unpaid order", order({ paid: false }), stranger, "not_paid"],
    ["the referrer's own order", order(), { ...stranger, isReferrer: true }, "self_referral"],
    ["a returning customer", order(), { ...stranger, earlierPaidOrder: true }, "not_first_order"],
    [
      "an order without a buyer",
      order({ buyer: { gid: null, email: null, phone: null, firstName: null, lastName: null, locale: null } }),
      stranger,
      "no_buyer",
    ],
  ])("%s", (_case, facts, history, because) => {
    const verdict = judge(facts, history, defaultTerms);
    expect(verdict.counts ? null : verdict.because).toBe(because);
  });

  it("an order without a claim counts unless the program wants one", () => {
    const terms = { ...defaultTerms, countsUnclaimed: false };
    expect(judge(order(), stranger, terms)).toEqual({ counts: false, because: "not_claimed" });
    expect(judge(order(), { ...stranger, claimed: true }, terms)).toEqual({ counts: true });
  });

  it("a returning customer counts where the program says so", () => {
    const terms = { ...defaultTerms, firstOrderOnly: false };
    expect(judge(order(), { isReferrer: false, earlierPaidOrder: true, claimed: false }, terms)).toEqual({
      counts: true,
    });
  });
});

describe("what an order brought", () => {
  const refund = (lineGid: string, total: bigint, tax = 0n) => ({ lines: [{ lineGid, total, tax }], other: 0n });
  it.each([
    ["its lines", order({ lines: [line("a", 9000n), line("b", 1000n)] }), 10000n],
    ["no gift cards", order({ lines: [line("a", 9000n), line("g", 5000n, { giftCard: true })] }), 9000n],
    [
      "no tax when prices include it",
      order({ taxesIncluded: true, lines: [line("a", 11900n, { tax: 1900n })] }),
      10000n,
    ],
    ["the price as it is when tax comes on top", order({ lines: [line("a", 10000n, { tax: 1900n })] }), 10000n],
    ["less what was returned", order({ refunds: [refund("a", 4000n)] }), 5000n],
    [
      "less what was returned, without its tax",
      order({ taxesIncluded: true, lines: [line("a", 11900n, { tax: 1900n })], refunds: [refund("a", 5950n, 950n)] }),
      5000n,
    ],
    ["less an amount given back", order({ refunds: [{ lines: [], other: 500n }] }), 8500n],
    [
      "a returned gift card takes nothing away",
      order({ lines: [line("a", 9000n), line("g", 5000n, { giftCard: true })], refunds: [refund("g", 5000n)] }),
      9000n,
    ],
    ["never less than nothing", order({ refunds: [refund("a", 9000n), { lines: [], other: 500n }] }), 0n],
    ["yen have no cents", order({ currency: "JPY", lines: [line("a", 12000n)] }), 12000n],
  ])("%s", (_case, facts, revenue) => {
    expect(revenueOf(facts, defaultTerms)).toBe(revenue);
  });

  it("with tax where the program says so", () => {
    const taxed = [line("a", 10000n, { tax: 1900n })];
    expect(revenueOf(order({ lines: taxed }), { revenueWithTax: true })).toBe(11900n);
    expect(revenueOf(order({ lines: taxed, taxesIncluded: true }), { revenueWithTax: true })).toBe(10000n);
  });

  it("a partial refund leaves the referral standing, a full one does not", () => {
    expect(standing(order({ refunds: [refund("a", 8999n)] }), defaultTerms)).toBeNull();
    expect(standing(order({ refunds: [refund("a", 9000n)] }), defaultTerms)).toBe("below_minimum");
    expect(standing(order({ cancelledAt: "2026-11-06T00:00:00Z" }), defaultTerms)).toBe("cancelled");
  });

  it("a refund below the program's minimum takes the referral back", () => {
    expect(standing(order({ refunds: [refund("a", 6000n)] }), { ...defaultTerms, minimumOrderRevenue: 5000 })).toBe(
      "below_minimum",
    );
  });
});

describe("the life of a referral", () => {
  it("ends only where it was taken back", () => {
    expect(states.filter((state) => steps[state].length === 0)).toEqual(["reversed"]);
    expect(canStep("expired", "purchased")).toBe(true);
    expect(canStep("reversed", "approved")).toBe(false);
    expect(canStep("invited", "approved")).toBe(false);
  });
});
