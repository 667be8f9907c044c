import { expect, it } from "vitest";
import { defaultTerms } from "#app/domain/referrals/terms.ts";
import { i18nFor } from "#app/i18n.ts";
import { describeReward } from "./describe-reward.ts";
import { formOf, type RewardForm } from "./form.ts";

const form = formOf(defaultTerms, "USD");
const reader = { t: i18nFor("en").t, currency: "USD", locale: "en" };
const friends = (changes: Partial<RewardForm>, firstOrderOnly = true) =>
  describeReward(reader, "recipient", {
    ...form,
    firstOrderOnly,
    recipientReward: { ...form.recipientReward, ...changes },
  });

it("a new shop's descriptions are those that the form would write", () => {
  expect(describeReward(reader, "recipient", form)).toBe(defaultTerms.recipientReward.description);
  expect(describeReward(reader, "referrer", form)).toBe(defaultTerms.referrerReward.description);
});

it.each([
  [{ type: "fixed", amount: "10" }, "$10 off first order"],
  [{ type: "fixed", amount: "9.90", minimumSpend: "50" }, "$9.90 off first order over $50"],
  [{ type: "free_shipping" }, "Free shipping on first order"],
  [{ percent: "" }, ""],
  [{ type: "fixed", amount: "ten" }, ""],
] as const)("%j reads %s", (changes, words) => {
  expect(friends(changes)).toBe(words);
});

it("an offer for every order does not speak of the first", () => {
  expect(friends({}, false)).toBe("10% off an order");
});
