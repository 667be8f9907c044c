import { describe, expect, it } from "vitest";
import { defaultTerms, type ProgramTerms } from "#app/domain/referrals/terms.ts";
import { fieldOf } from "./field-of.ts";
import { formOf, parseForm, termsOf } from "./form.ts";

const terms: ProgramTerms = {
  ...defaultTerms,
  recipientReward: { ...defaultTerms.recipientReward, value: { type: "fixed", minor: 1050 }, minimumSpend: 5000 },
  referrerReward: { ...defaultTerms.referrerReward, value: { type: "free_shipping" }, expiresInDays: null },
};

describe("the program's form", () => {
  it.each(["USD", "JPY", "KWD"])("says the terms that it was filled in with, in %s", (currency) => {
    expect(termsOf(formOf(terms, currency), currency)).toEqual(terms);
  });

  it("reads amounts as people write them", () => {
    const typed = (amount: string) => {
      const form = formOf(terms, "EUR");
      return termsOf({ ...form, recipientReward: { ...form.recipientReward, amount } }, "EUR");
    };
    const value = (minor: number | undefined) => ({ recipientReward: { value: { type: "fixed", minor } } });
    expect(typed("9,90")).toMatchObject(value(990));
    expect(typed(" 10 ")).toMatchObject(value(1000));
    expect(typed("ten")).toMatchObject(value(Number.NaN));
    expect(typed("9.999")).toMatchObject(value(Number.NaN));
    expect(typed("")).toMatchObject(value(undefined));
  });

  it.each(["1,000", "1.000", "7.0", "7,5", "7."])("takes %s for no number of days", (typed) => {
    const form = formOf(terms, "EUR");
    const recipientReward = { ...form.recipientReward, expiresInDays: typed };
    expect(termsOf({ ...form, holdDays: typed, claimDays: typed, recipientReward }, "EUR")).toMatchObject({
      holdDays: Number.NaN,
      claimDays: Number.NaN,
      recipientReward: { expiresInDays: Number.NaN },
    });
  });

  it("knows which field a wrong term was typed into", () => {
    expect(fieldOf({ field: "referrerReward.value.minor", code: "required" })).toBe("referrerReward.amount");
    expect(fieldOf({ field: "holdDays", code: "format" })).toBe("holdDays");
  });

  it("is not just anything", () => {
    expect(parseForm({ holdDays: "3" })).toBeNull();
    expect(parseForm(formOf(terms, "USD"))).toEqual(formOf(terms, "USD"));
  });
});
