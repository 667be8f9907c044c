import { afterEach, describe, expect, test, vi } from "vitest";
import { admin } from "#app/admin.server.ts";
import { readProgram } from "#app/domain/referrals/program.ts";
import type { RewardTerms } from "#app/domain/referrals/terms.ts";
import { updateProgram } from "#app/domain/referrals/update-program.ts";
import { createDiscount, deleteCodes, findCode } from "#app/shopify/admin/discounts.ts";
import { openApp } from "#tests/app.ts";
import { openStory, type Story } from "./story.ts";

/** A story is several rounds of webhooks, jobs and deliveries; a job that failed waits seconds for its next try. */
vi.setConfig({ testTimeout: 180_000 });

const app = await openApp();

afterEach(() => app.sim.client.setAdminApiMode({ fail: null }));

const FIVE: Partial<RewardTerms> = { value: { type: "percentage", percent: 5 } };
const TEN: Partial<RewardTerms> = { value: { type: "percentage", percent: 10 } };

/** The merchant saves another reward for friends; what that asks for is done later. */
async function friendsGet({ decide }: Story, reward: Partial<RewardTerms>): Promise<void> {
  const saved = await decide(async (ctx) => {
    const terms = (await readProgram(ctx))?.terms;
    return updateProgram(ctx, { ...terms, recipientReward: { ...terms?.recipientReward, ...reward } });
  });
  expect(saved.kind).toBe("saved");
}

/** The codes of the discounts for friends in Shopify, by what they give. */
async function codesForFriends({ handle }: Story): Promise<Record<string, string[]>> {
  const discounts = await app.sim.client.discounts(handle);
  const friends = discounts.filter(({ title }) => title.endsWith("for friends"));
  return Object.fromEntries(
    friends.map(({ title, codes }) => [
      title.replace(/^Passalong: | for friends$/g, ""),
      codes.map(({ code }) => code).sort(),
    ]),
  );
}

async function twoShare(handle: string) {
  const story = await openStory(app, handle);
  const { code: ocean } = await story.joins("Ocean");
  const { code: umi } = await story.joins("Umi");
  const codes = [ocean, umi].sort();
  expect(await codesForFriends(story)).toEqual({ "10%": codes });
  return { story, ocean, umi, codes };
}

/** Waits for what is to be in Shopify and in our records at last. */
async function endsWith(story: Story, expected: Record<string, string[]>): Promise<void> {
  const states = async () => {
    await app.tryAgain();
    return (await story.coupons({ kind: "referrer_code" })).map(({ state }) => state);
  };
  await expect.poll(states).toEqual(["live", "live"]);
  expect(await codesForFriends(story)).toEqual(expected);
}

/** What the merchant does by hand, in the admin. */
async function merchantDeletes({ domain }: Story, code: string): Promise<void> {
  const found = await findCode(admin(domain), code);
  await deleteCodes(admin(domain), found?.discountGid ?? "", [found?.codeGid ?? ""]);
}

describe("when friends are to get something else", () => {
  test("the referrers' codes give it, and a coupon that was claimed keeps what was promised", async () => {
    const { story, ocean, codes } = await twoShare("move");
    const coupon = await story.claims("Fern", ocean);
    await friendsGet(story, FIVE);
    await app.drain();
    await endsWith(story, { "10%": [], "5%": codes });
    expect(await story.buys("Moss", { discountCode: ocean })).toMatchObject({ total_discounts: "4.50" });
    expect(await story.buys("Fern", { discountCode: coupon })).toMatchObject({ total_discounts: "9.00" });
    expect((await story.referrals()).map(({ state }) => state)).toEqual(["approved", "approved"]);
  });

  test("a minimum spend and free shipping are followed too", async () => {
    const { story, codes } = await twoShare("kinds");
    await friendsGet(story, { value: { type: "free_shipping" }, minimumSpend: 5000 });
    await app.drain();
    await endsWith(story, { "10%": [], "free shipping from 50.00 USD": codes });
  });

  test("twice in a row, the codes give what was said last", async () => {
    const { story, codes } = await twoShare("quickly");
    await friendsGet(story, FIVE);
    await friendsGet(story, { value: { type: "fixed", minor: 700 } });
    await app.drain();
    const { "10%": first, "5%": second = [], "7.00 USD": last } = await codesForFriends(story);
    expect([first, second, last]).toEqual([[], [], codes]);
  });

  test("and back while the codes are on their way, they work as before", async () => {
    const { story, codes } = await twoShare("back");
    await app.sim.client.setAdminApiMode({ fail: { status: 502, times: 1000, operationName: "JobDone" } });
    await friendsGet(story, FIVE);
    await app.drain();
    expect((await story.coupons({ kind: "referrer_code", state: "moving" })).map(({ code }) => code).sort()).toEqual(
      codes,
    );
    await friendsGet(story, TEN);
    await app.sim.client.setAdminApiMode({ fail: null });
    await app.drain();
    await endsWith(story, { "10%": codes });
  });

  test("a discount that the merchant deleted, for it was empty, is made again", async () => {
    const { story, codes } = await twoShare("emptied");
    await friendsGet(story, FIVE);
    await app.drain();
    const [empty] = (await app.sim.client.discounts(story.handle)).filter(({ codes }) => codes.length === 0);
    await app.sim.client.deleteDiscount(story.handle, empty?.id ?? 0);
    await app.drain();
    expect(await codesForFriends(story)).toEqual({ "5%": codes });
    await friendsGet(story, TEN);
    await app.drain();
    await endsWith(story, { "5%": [], "10%": codes });
  });

  test("a code that the merchant deleted works again", async () => {
    const { story, umi, codes } = await twoShare("deleted");
    await merchantDeletes(story, umi);
    await friendsGet(story, FIVE);
    await app.drain();
    await endsWith(story, { "10%": [], "5%": codes });
  });

  test("a code that the merchant uses for something else is left to them", async () => {
    const { story, ocean, umi } = await twoShare("theirs");
    await merchantDeletes(story, umi);
    await createDiscount(admin(story.domain), {
      terms: {
        value: { type: "percentage", percent: 50 },
        minimumSpend: null,
        usageLimit: null,
        oncePerCustomer: false,
      },
      title: "Half for Umi",
      code: umi,
      startsAt: new Date("2026-01-01"),
      currency: "USD",
    });
    await friendsGet(story, FIVE);
    await app.drain();
    expect(await codesForFriends(story)).toEqual({ "10%": [], "5%": [ocean] });
    expect(await story.coupons({ kind: "referrer_code", state: "failed" })).toMatchObject([
      { code: umi, reason: "TAKEN" },
    ]);
    expect(await story.buys("Moss", { discountCode: umi })).toMatchObject({ total_discounts: "45.00" });
  });
});

describe("an answer that never came does not lose a code, nor make one twice", () => {
  const calls = ["FindCode", "DeleteCodes", "JobDone", "CreateDiscount", "AddCodes", "CodesAdded"];
  test.each(calls)("to %s", async (operationName) => {
    const { story, ocean, codes } = await twoShare(`lost-${operationName.toLowerCase()}`);
    // Twice: the new stock makes some of these calls too.
    await app.sim.client.setAdminApiMode({ fail: { status: 502, times: 2, operationName, done: true } });
    await friendsGet(story, FIVE);
    await app.drain();
    await endsWith(story, { "10%": [], "5%": codes });
    expect(await story.buys("Moss", { discountCode: ocean })).toMatchObject({ total_discounts: "4.50" });
  });
});
