import { beforeEach, describe, expect, it } from "vitest";
import { buyer } from "#tests/builders.ts";
import { type ReferralScene, referralScene } from "#tests/referral-scene.ts";

const DAY = 86_400_000;
const MONDAY = "2026-11-02T10:00:00Z";

describe("an order and the claim that it completes", () => {
  let scene: ReferralScene;

  beforeEach(async () => {
    scene = await referralScene();
  });

  it("placed before its buyer claimed is nobody's, even if it is paid or ships after that", async () => {
    await scene.claim();
    expect(await scene.buys({ placedAt: MONDAY, buyer: buyer("Fern") })).toEqual({ kind: "unattributed" });
    const { id } = await scene.referral();
    const named = { placedAt: MONDAY, attributes: { _passalong_claim: id } };
    expect(await scene.buys({ ...named, buyer: buyer("Moss") })).toEqual({ kind: "unattributed" });
    expect(await scene.referral()).toMatchObject({ state: "claimed" });
  });

  it("placed in the second of the claim comes after it", async () => {
    scene.pass(999);
    await scene.claim();
    expect(await scene.buys({ buyer: buyer("Fern") })).toMatchObject({ state: "approved" });
  });

  it("that has the claim's own coupon completes it, whatever the clocks say", async () => {
    const code = await scene.coupon();
    const order = { placedAt: "2026-11-05T09:58:00Z", discountCodes: [{ code, amount: 900n }], buyer: buyer("Moss") };
    expect(await scene.buys(order)).toMatchObject({ state: "approved" });
  });

  it("by its address is found for somebody who let a claim expire and claimed again", async () => {
    await scene.claim();
    scene.pass(61 * DAY);
    await scene.settle();
    await scene.claim();
    await scene.buys({ placedAt: "2027-01-06T10:00:00Z", buyer: buyer("Fern") });
    expect(await scene.timeline()).toEqual([
      "· → claimed (details_left)",
      "claimed → expired (window_ended)",
      "· → claimed (details_left)",
      "claimed → purchased (order_paid)",
      "purchased → approved (hold_ended)",
    ]);
  });
});
