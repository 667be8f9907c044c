import { describe, expect, it } from "vitest";
import { i18nFor } from "#app/i18n.ts";
import { causeText, verdictText, whyText } from "./words.ts";

const { t } = i18nFor("en");

describe("a referral says", () => {
  it.each([
    [null, "code", "Paid with the code"],
    [null, "attribute", "Paid after using the referrer's link"],
    ["order_cancelled", "code", "The order was cancelled"],
    ["They live together", "code", "They live together"],
    [null, null, ""],
  ])("why it is where it is: %s, %s", (reason, signal, words) => {
    expect(whyText(t, { reason, signal })).toBe(words);
  });

  it("nothing about a cause that it has no words for", () => {
    expect(causeText(t, "constructor")).toBe("");
    expect(verdictText(t, "self_referral")).toBe("The buyer is the referrer");
  });
});
