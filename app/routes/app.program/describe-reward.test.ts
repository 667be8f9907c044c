import { expect, it } from "vitest";
import { defaultTerms } from "#app/domain/referrals/terms.ts";
import { i18nFor } from "#app/i18n.ts";
import { describeReward } from "./describe-reward.ts";
import { formOf, type RewardForm } from "./form.ts";

const form = formOf(defaultTerms, "USD");
const reader = { t: i18nFor("en").t, language: "en", currency: "USD" };
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

it("figures are written in the language of the sentence, whoever reads them", () => {
  const words = { t: i18nFor("de").t, language: i18nFor("de").language, currency: "EUR" };
  const recipientReward = { ...form.recipientReward, type: "fixed" as const, amount: "10,00", minimumSpend: "49,90" };
  expect(describeReward(words, "recipient", { ...form, recipientReward })).toBe("€10 off first order over €49.90");
});

it("an offer for every order does not speak of the first", () => {
  expect(friends({}, false)).toBe("10% off an order");
});
