import type { Coupon } from "@prisma/client";
import { describe, expect, test, vi } from "vitest";
import { admin } from "#app/admin.server.ts";
import { db } from "#app/db.server.ts";
import { readProgram } from "#app/domain/referrals/program.ts";
import { defaultTerms } from "#app/domain/referrals/terms.ts";
import { updateProgram } from "#app/domain/referrals/update-program.ts";
import { codesRemade } from "#app/domain/rewards/remake-discounts.ts";
import { readAttention } from "#app/domain/stats/attention.ts";
import { jobs } from "#app/jobs/index.ts";
import { createDiscount } from "#app/shopify/admin/discounts.ts";
import { openApp } from "#tests/app.ts";
import { createMerchant } from "#tests/demo/merchant.ts";
import { openStory, type Story } from "./story.ts";

/** A story is several rounds of webhooks, jobs and deliveries; a job that failed waits seconds for its next try. */
vi.setConfig({ testTimeout: 180_000 });

const app = await openApp();
const { client } = app.sim;
const merchant = createMerchant(app.url, client);

const RECEIVED = "Received Passalong Referral Coupon";
const REWARDS = "Passalong: 10% reward";
const FRIENDS = "Passalong: 10% for friends";

/** Ocean shares, and Fern has claimed a coupon by her link. */
async function oneClaimed(handle: string) {
  const story = await openStory(app, handle);
  const { code: ocean } = await story.joins("Ocean");
  const fern = await story.claims("Fern", ocean);
  return { story, ocean, fern };
}

/** The merchant deletes discounts in the admin, all that the app has made. */
async function deleteAll({ handle }: Story): Promise<void> {
  for (const { id } of await client.discounts(handle)) await client.deleteDiscount(handle, id);
  await app.drain();
}

const missed = async (story: Story) => (await story.decide(readAttention)).deletedDiscounts;

async function remake({ handle }: Story): Promise<void> {
  expect((await merchant.submit(handle, "/app?index", { intent: "remake-discounts" })).status).toBe(200);
  await app.tryAgain();
}

/** The discount of one code alone is made again, without the stock. */
async function remakeOnly({ shopId }: Story, code: string, isLastTry = false): Promise<void> {
  await db.discount.updateMany({ where: { shopId }, data: { deletedAt: null } });
  const { discountId } = await db.coupon.findFirstOrThrow({ where: { shopId, code } });
  await jobs["remake-codes"].run({ shopId, discountId, after: "" }, isLastTry);
}

async function idOf({ handle }: Story, wanted: string): Promise<number> {
  return (await client.discounts(handle)).find(({ title }) => title === wanted)?.id ?? 0;
}

/** The codes that work, by discount. */
async function codes({ handle }: Story): Promise<Record<string, string[]>> {
  const discounts = await client.discounts(handle);
  return Object.fromEntries(discounts.map(({ title, codes }) => [title, codes.map(({ code }) => code).sort()]));
}

/** The merchant makes a discount of their own. */
async function takesCode({ domain }: Story, code: string): Promise<void> {
  const terms = { value: { type: "percentage", percent: 50 }, minimumSpend: null, usageLimit: null } as const;
  const wanted = { title: "Half", code, startsAt: new Date("2026-01-01"), currency: "USD" };
  await createDiscount(admin(domain), { ...wanted, terms: { ...terms, oncePerCustomer: false } });
}

/** The page behind a link. */
async function offers({ handle }: Story, code: string): Promise<string> {
  return (await client.proxy(handle, { path: `/${code}` })).body;
}

/** How often somebody was told of a coupon, and of which. */
async function received({ klaviyo, account }: Story, email: string): Promise<unknown[]> {
  const events = await klaviyo.events(account.id, { email, metric: RECEIVED });
  return events.map(({ properties }) => properties["Coupon Code"]);
}

describe("when the merchant deletes the program's discounts in Shopify", () => {
  test("nobody is given a code of them until they are wanted again; then all codes work as before, and each is told of once", async () => {
    const { story, ocean, fern } = await oneClaimed("whole");
    await deleteAll(story);
    expect(await missed(story)).toEqual([
      { title: REWARDS, held: 1 },
      { title: FRIENDS, held: 1 },
    ]);
    const home = await (await merchant.open(story.handle, "/app")).text();
    expect(home).toContain("Discounts of your program were deleted in Shopify");
    const [referral] = await story.referrals();
    const rewards = await (await merchant.open(story.handle, `/app/referrals/${referral?.id}`)).text();
    expect(rewards).toContain("Discount deleted");
    expect(await offers(story, ocean)).not.toContain(`/discount/${ocean}`);

    for (const name of ["Moss", "Fern"]) await expect(story.claims(name, ocean)).rejects.toThrow('"coupon":null');
    const { code: umi } = await story.joins("Umi");
    expect(await codes(story)).toEqual({});
    expect(await received(story, "moss@grove.shop")).toEqual([]);

    await remake(story);
    expect(await missed(story)).toEqual([]);
    const [moss] = await received(story, "moss@grove.shop");
    const stock = (await story.coupons({ state: "stock" })).map(({ code }) => code);
    expect(stock).toHaveLength(60);
    expect(await codes(story)).toEqual({
      [FRIENDS]: [ocean, umi].sort(),
      [REWARDS]: [fern, moss, ...stock].sort(),
    });
    expect(await received(story, "fern@grove.shop")).toEqual([fern]);
    expect(await offers(story, ocean)).toContain(`/discount/${ocean}`);
    expect(await story.buys("Fern", { discountCode: fern })).toMatchObject({ total_discounts: "9.00" });
    expect(await (await merchant.open(story.handle, "/app")).text()).not.toContain("deleted in Shopify");
  });

  test("a code that the merchant has used for something else meanwhile is left to them; who held it gets another", async () => {
    const { story, ocean, fern } = await oneClaimed("taken");
    await deleteAll(story);
    await takesCode(story, fern);
    await takesCode(story, ocean);
    await remake(story);
    const [first, second, ...more] = await received(story, "fern@grove.shop");
    expect([first, more]).toEqual([fern, []]);
    expect((await codes(story))[REWARDS]).toContain(second);
    const failed = (await story.coupons({ state: "failed" })).map(({ code, reason }) => `${code}: ${reason}`);
    expect(failed.sort()).toEqual([`${fern}: TAKEN`, `${ocean}: TAKEN`]);
    expect(await story.buys("Fern", { discountCode: String(second) })).toMatchObject({ total_discounts: "9.00" });
  });

  test.each(["CreateDiscount", "AddCodes"])("an answer to %s that never came costs nothing", async (operationName) => {
    const { story, ocean, fern } = await oneClaimed(`unanswered-${operationName.toLowerCase()}`);
    const { code: umi } = await story.joins("Umi");
    await deleteAll(story);
    await client.setAdminApiMode({ fail: { status: 502, times: 2, operationName, done: true } });
    await remake(story);
    await app.tryAgain();
    const stock = (await story.coupons({ state: "stock" })).map(({ code }) => code);
    expect(stock).toHaveLength(60);
    expect(await codes(story)).toEqual({ [FRIENDS]: [ocean, umi].sort(), [REWARDS]: [fern, ...stock].sort() });
    expect(await client.discounts(story.handle)).toHaveLength(2);
  });

  test("when Shopify would not make one again for half a day, the merchant is asked again", async () => {
    const { story, ocean } = await oneClaimed("refused");
    await deleteAll(story);
    await client.setAdminApiMode({ fail: { status: 502, times: 1, operationName: "FindCode" } });
    await expect(remakeOnly(story, ocean, true)).rejects.toThrow("502");
    expect(await missed(story)).toEqual([{ title: FRIENDS, held: 1 }]);
    await remake(story);
    expect((await codes(story))[FRIENDS]).toEqual([ocean]);
  });

  test("more codes than Shopify takes in one call work again, all of them", async () => {
    const { story } = await oneClaimed("many");
    const [shared] = await story.coupons({ kind: "referrer_code" });
    const others = Array.from({ length: 300 }, (_, i) => ({ id: `cpn_${i}`, code: `UMI${i}` }));
    await db.coupon.createMany({ data: others.map((other) => ({ ...shared, ...other }) as Coupon) });
    await deleteAll(story);
    expect(await missed(story)).toContainEqual({ title: FRIENDS, held: 301 });
    await remake(story);
    expect((await codes(story))[FRIENDS]).toEqual([...others.map(({ code }) => code), shared?.code].sort());
  });

  test("a code that Shopify refuses for another reason is tried again, and nobody gets another one", async () => {
    const { story, ocean } = await oneClaimed("odd");
    const { code: umi } = await story.joins("Umi");
    await deleteAll(story);
    await client.setAdminApiMode({ refuseCodes: 1 });
    await remakeOnly(story, ocean);
    await app.drain();
    // It was made with the first code; the second was to be added to it.
    expect((await codes(story))[FRIENDS]).toHaveLength(1);
    await app.tryAgain();
    expect((await codes(story))[FRIENDS]).toEqual([ocean, umi].sort());
    expect((await story.coupons({ kind: "referrer_code" })).map(({ state }) => state)).toEqual(["live", "live"]);
  });

  test("a code that ended while it was made again is deleted again, and one that has moved on is left alone", async () => {
    const { story, ocean, fern } = await oneClaimed("ended");
    const { shopId } = story;
    const of = (code: string) => db.coupon.findFirstOrThrow({ where: { shopId, code } });
    const ended = await of(fern);
    const moved = await of(ocean);
    const row = { shopId_id: { shopId, id: ended.id } };
    await db.coupon.update({ where: row, data: { state: "expired", removedAt: new Date() } });
    const refused = new Map([[ocean, "TAKEN"]]);
    await story.decide((ctx) => codesRemade(ctx, ended.discountId, [ended, moved], refused));
    await app.drain();
    const works = await story.codesInShopify();
    expect([works.includes(fern), works.includes(ocean)]).toEqual([false, true]);
    expect(await of(ocean)).toMatchObject({ state: "live" });
  });

  test("whose code waits for one that is replaced works under the new terms", async () => {
    const { story, ocean } = await oneClaimed("replaced");
    await deleteAll(story);
    const { code: umi } = await story.joins("Umi");
    await story.decide(async (ctx) => {
      const terms = (await readProgram(ctx))?.terms;
      const recipientReward = { ...terms?.recipientReward, value: { type: "percentage", percent: 20 } };
      return updateProgram(ctx, { ...terms, recipientReward });
    });
    await app.tryAgain();
    expect((await codes(story))["Passalong: 20% for friends"]).toEqual([ocean, umi].sort());
    const owned = await story.coupons({ kind: "referrer_code" });
    expect(owned.map(({ state }) => state)).toEqual(["live", "live"]);
  });

  test("who puts their terms into force again wants them", async () => {
    const { story, ocean, fern } = await oneClaimed("saved");
    await deleteAll(story);
    await story.decide(async (ctx) => updateProgram(ctx, { ...(await readProgram(ctx))?.terms, holdDays: 7 }));
    await app.drain();
    expect(await missed(story)).toEqual([]);
    expect((await codes(story))[FRIENDS]).toEqual([ocean]);
    expect((await codes(story))[REWARDS]).toContain(fern);
  });

  test("one that nobody misses is forgotten without a word, and made when it is needed", async () => {
    const story = await openStory(app, "nobody");
    const give = (percent: number) =>
      story.decide(async (ctx) => {
        const { recipientReward, referrerReward, ...terms } = (await readProgram(ctx))?.terms ?? defaultTerms;
        const value = { type: "percentage", percent };
        return updateProgram(ctx, {
          ...terms,
          recipientReward: { ...recipientReward, value },
          referrerReward: { ...referrerReward, value },
        });
      });
    await give(5);
    await app.drain();
    await client.deleteDiscount(story.handle, await idOf(story, REWARDS));
    await app.drain();
    expect(await missed(story)).toEqual([]);
    await give(10);
    await app.drain();
    expect((await codes(story))[REWARDS]).toHaveLength(60);
  });

  test("one that is in force is missed, though no customer has a code of it yet", async () => {
    const story = await openStory(app, "in-force");
    await deleteAll(story);
    expect(await missed(story)).toEqual([{ title: REWARDS, held: 0 }]);
  });
});

describe("that a discount was deleted", () => {
  /** The same, and nobody hears of it. */
  async function deleteUnheard(story: Story): Promise<void> {
    await client.setWebhookMode({ dropShare: 1 });
    await deleteAll(story);
    await client.setWebhookMode({ dropShare: 0 });
    expect(await missed(story)).toEqual([]);
  }

  test("is found out within a day, where the webhook was lost", async () => {
    const { story } = await oneClaimed("within-a-day");
    const { story: other } = await oneClaimed("another");
    const check = () => jobs["check-discounts"].run({}, false);
    await deleteUnheard(story);
    await check();
    expect(await missed(story)).toEqual([]);
    await db.discount.updateMany({ where: { shopId: story.shopId }, data: { checkedAt: new Date("2026-01-01") } });
    await check();
    expect(await missed(story)).toEqual([
      { title: REWARDS, held: 1 },
      { title: FRIENDS, held: 1 },
    ]);
    expect(await missed(other)).toEqual([]);
  });

  test("is found out at once by whoever needs it", async () => {
    const { story } = await oneClaimed("lost-webhook");
    await deleteUnheard(story);
    const { code: umi } = await story.joins("Umi");
    expect(await missed(story)).toEqual([{ title: FRIENDS, held: 2 }]);
    await remake(story);
    expect((await codes(story))[FRIENDS]).toContain(umi);
  });

  test("is nobody's word but Shopify's, of its own shop, and of the discount as it is now", async () => {
    const { story } = await oneClaimed("words");
    const other = await openStory(app, "others");
    const [discount] = await client.discounts(story.handle);
    const body = JSON.stringify({ admin_graphql_api_id: discount?.gid, deleted_at: "2026-11-28T10:00:00-05:00" });
    for (const shop of [story.handle, other.handle]) {
      await client.sendRawWebhook({ path: "/webhooks", shop, topic: "discounts/delete", body });
    }
    await app.drain();
    expect(await missed(story)).toEqual([]);

    await deleteAll(story);
    await remake(story);
    for (const { id } of await client.webhooks({ shop: story.handle, topic: "discounts/delete" })) {
      await client.redeliverWebhook(id, 2);
    }
    await app.drain();
    expect(await missed(story)).toEqual([]);
    expect((await story.coupons({ state: "stock" })).length).toBe(60);
  });
});
