import { beforeEach, describe, expect, it } from "vitest";
import type { TestShop } from "#tests/context.ts";
import { shopWithProgram } from "#tests/shop-with-program.ts";
import { readProgram, readTerms } from "./program.ts";
import { defaultTerms } from "./terms.ts";
import { updateProgram } from "./update-program.ts";

let shop: TestShop;
beforeEach(async () => {
  shop = await shopWithProgram();
  shop.asked.length = 0;
});

const save = (terms: unknown) => shop.decide((ctx) => updateProgram(ctx, terms));

describe("the program", () => {
  it("has the new terms as its next version, and asks for codes that give them", async () => {
    const terms = { ...defaultTerms, holdDays: 14 };
    expect(await save(terms)).toEqual({ kind: "saved", version: 2 });
    const live = await shop.decide(readProgram);
    expect(live).toMatchObject({ version: 2, terms: { holdDays: 14 } });
    expect(shop.asked).toEqual([{ kind: "stock-coupons", discountId: expect.stringMatching(/^dsc_/) }]);
  });

  it("keeps its earlier terms for what was made under them", async () => {
    await save({ ...defaultTerms, holdDays: 14 });
    await save({ ...defaultTerms, holdDays: 30 });
    const id = (await shop.decide(readProgram))?.id ?? "";
    const hold = async (version: number) => (await shop.decide((ctx) => readTerms(ctx, id, version))).holdDays;
    expect([await hold(1), await hold(2), await hold(3)]).toEqual([0, 14, 30]);
  });

  it("names every term that is wrong, and stays as it is", async () => {
    const { recipientReward, referrerReward } = defaultTerms;
    const wrong = {
      ...defaultTerms,
      recipientReward: { ...recipientReward, value: { type: "percentage", percent: 101 }, description: "" },
      referrerReward: { ...referrerReward, value: { type: "fixed", minor: Number.NaN }, codePrefix: "no spaces" },
      holdDays: undefined,
      claimDays: 0,
    };
    expect(await save(wrong)).toEqual({
      kind: "refused",
      errors: [
        { field: "recipientReward.value.percent", code: "too_big" },
        { field: "recipientReward.description", code: "required" },
        { field: "referrerReward.value.minor", code: "format" },
        { field: "referrerReward.codePrefix", code: "format" },
        { field: "holdDays", code: "required" },
        { field: "claimDays", code: "too_small" },
      ],
    });
    expect(await shop.decide(readProgram)).toMatchObject({ version: 1 });
    expect(shop.asked).toEqual([]);
  });
});
