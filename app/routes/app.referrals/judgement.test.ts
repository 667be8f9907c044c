import { describe, expect, it } from "vitest";
import { newId } from "#app/lib/ids.ts";
import { parseJudgement } from "./judgement.ts";

const id = newId("rfl", new Date(0));
const form = (...entries: [string, string][]) => {
  const data = new FormData();
  for (const [name, value] of entries) data.append(name, value);
  return data;
};

describe("a merchant's judgement", () => {
  it("may be about several referrals", () => {
    expect(parseJudgement(form(["intent", "approve"], ["id", id], ["id", id]))).toEqual({
      intent: "approve",
      ids: [id, id],
    });
  });

  it("on rejecting says why, and whether the customers are told", () => {
    const said = form(["intent", "reject"], ["id", id], ["reason", " They live together "], ["notify", "no"]);
    expect(parseJudgement(said)).toEqual({ intent: "reject", ids: [id], reason: "They live together", notify: false });
  });

  it.each([
    ["about nothing", form(["intent", "approve"])],
    ["about what is no referral", form(["intent", "approve"], ["id", "dlv_1"])],
    ["of no kind that we know", form(["intent", "delete"], ["id", id])],
    [
      "about more than a page",
      form(["intent", "approve"], ...Array.from({ length: 26 }, () => ["id", id] as [string, string])),
    ],
  ])("%s is none", (_, said) => {
    expect(parseJudgement(said)).toBeNull();
  });
});
