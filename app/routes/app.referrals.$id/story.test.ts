import { expect, it } from "vitest";
import type { ReferralDetail, Step } from "#app/domain/referrals/read-referral.ts";
import { i18nFor } from "#app/i18n.ts";
import { formatsFor } from "#app/ui/formats.ts";
import { type ShownStep, shownReferral } from "./shown.ts";
import { groundsOf } from "./story.tsx";
import { standing } from "./why.tsx";

const { t } = i18nFor("en");

function grounds(cause: string, evidence: Step["evidence"]): string[] {
  const at = new Date("2026-11-05T10:00:00Z");
  const detail: ReferralDetail = {
    id: "rfl_1",
    createdAt: at,
    state: "purchased",
    reason: null,
    signal: "code",
    review: false,
    referrerName: "Ocean Grove",
    referrerEmail: "ocean@grove.shop",
    recipientName: "Fern Grove",
    recipientEmail: "fern@grove.shop",
    orderName: "#1001",
    revenue: { minor: 9000n, currency: "USD" },
    dueAt: null,
    order: null,
    steps: [{ id: "trn_1", at, to: "purchased", cause, evidence }],
    rewards: [],
    uncounted: [],
    moreUncounted: 0,
    can: { approve: true, reject: true, overrule: false },
  };
  return shownReferral(detail, formatsFor("en", "UTC")).steps.flatMap((step) => groundsOf(t, step));
}

it("a paid order says by what it was attributed, and that Shopify could not tell about earlier ones", () => {
  const evidence = { order: "#1001", signal: "code", code: "OCEAN7QK", earlierPaidOrder: null };
  expect(grounds("order_paid", evidence)).toEqual([
    "Order #1001",
    "Paid with the code",
    "Code OCEAN7QK",
    "Shopify could not say whether they had ordered before, so they count as new.",
  ]);
});

it("a rejection says why, and whether the customers are told", () => {
  expect(grounds("merchant_rejected", { reason: "They live together", notify: false })).toEqual([
    "Reason: They live together",
    "Marked so that your flows can leave the customers alone.",
  ]);
});

it("a hold says how long it was", () => {
  expect(grounds("hold_ended", { holdDays: 14 })).toEqual(["After 14 days"]);
  expect(grounds("hold_ended", { holdDays: 0 })).toEqual(["The program has no hold"]);
});

it.each([
  ["invited", "The friend did not answer the invitation in time."],
  ["pending", "The friend did not verify their address in time."],
  ["claimed", "The friend did not order in time."],
] as const)("an expired referral that was %s says what the friend did not do", (before, words) => {
  const steps = [before, "expired"].map((to) => ({ to })) as ShownStep[];
  expect(standing(t, { state: "expired", steps })).toContain(words);
});
