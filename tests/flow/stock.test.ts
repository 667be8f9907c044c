import { describe, expect, test, vi } from "vitest";
import { db } from "#app/db.server.ts";
import { jobs } from "#app/jobs/index.ts";
import { openApp } from "#tests/app.ts";
import { createMerchant } from "#tests/demo/merchant.ts";
import { openStory, type Story } from "./story.ts";

/** A story is several rounds of webhooks, jobs and deliveries. */
vi.setConfig({ testTimeout: 180_000 });

const app = await openApp();

describe("the stock of codes", () => {
  const empty = async (story: Story) => {
    await db.coupon.deleteMany({ where: { shopId: story.shopId, state: "stock" } });
    await jobs["keep-stocks"].run({ shopId: story.shopId }, false);
  };

  test("codes that Shopify refused are replaced by others", async () => {
    const story = await openStory(app, "partial");
    await app.sim.client.setAdminApiMode({ refuseCodes: 20 });
    await empty(story);
    await app.drain();
    // Others may be there already: the clock's own look every five minutes is not waited for.
    expect(await story.coupons({ state: "failed" })).toHaveLength(20);
    await jobs["keep-stocks"].run({}, false);
    await app.drain();
    const stocked = await story.coupons({ state: "stock" });
    expect(stocked).toHaveLength(60);
    expect(await story.codesInShopify()).toEqual(expect.arrayContaining(stocked.map(({ code }) => code)));
  });

  test("a call whose answer never came is made again with the same codes: none is there twice or for nothing", async () => {
    const story = await openStory(app, "lost");
    const before = new Set(await story.codesInShopify());
    await app.sim.client.setAdminApiMode({ fail: { status: 502, times: 1, operationName: "AddCodes", done: true } });
    await empty(story);
    await app.tryAgain();
    expect(await story.coupons({ state: "stock" })).toHaveLength(60);
    const added = (await story.codesInShopify()).filter((code) => !before.has(code));
    expect(added).toEqual((await story.coupons({ state: "stock" })).map(({ code }) => code).sort());
    expect(await story.coupons({ state: "failed" })).toEqual([]);
  });

  test("a reward whose code was made in a call without an answer is that one code", async () => {
    const story = await openStory(app, "once");
    const { code } = await story.joins("Ocean");
    await app.sim.client.setAdminApiMode({ fail: { status: 502, times: 1, operationName: "AddCodes", done: true } });
    await story.buys("Fern", { discountCode: code });
    const reward = () => story.coupons({ kind: "reward", state: "live" });
    await app.tryAgain();
    expect(await reward()).toHaveLength(1);
    const stock = await story.coupons({ state: "stock" });
    const [live] = await reward();
    expect(await story.codesInShopify()).toEqual([code, live?.code, ...stock.map((coupon) => coupon.code)].sort());
  });

  test("a reward whose code Shopify refuses is found by the merchant, and made when they ask again, once", async () => {
    const story = await openStory(app, "again");
    const merchant = createMerchant(app.url, app.sim.client);
    const { code } = await story.joins("Ocean");
    await app.sim.client.setAdminApiMode({ refuseCodes: 1 });
    await story.buys("Fern", { discountCode: code });
    const [failed] = await story.coupons({ kind: "reward", state: "failed" });
    expect(failed).toMatchObject({ reason: "INVALID" });
    expect(await story.told()).not.toContain("Received Passalong Referral Coupon");

    const list = await (await merchant.open(story.handle, "/app/referrals?show=coupon_failed")).text();
    expect(list).toContain("fern@grove.shop");
    const [referral] = await story.referrals();
    const again = () => merchant.submit(story.handle, `/app/referrals/${referral?.id}`, { intent: "retry-rewards" });
    const [answer] = await Promise.all([again(), again()]);
    expect(answer.status).toBe(200);
    await app.drain();
    const given = await story.coupons({ kind: "reward", state: "live" });
    expect(given).toMatchObject([{ id: failed?.id, reason: null }]);
    expect(given[0]?.code).not.toBe(failed?.code);
    expect(await story.codesInShopify()).toContain(given[0]?.code);
    expect((await story.told()).filter((event) => event === "Received Passalong Referral Coupon")).toHaveLength(1);
    const empty = await (await merchant.open(story.handle, "/app/referrals?show=coupon_failed")).text();
    expect(empty).not.toContain("fern@grove.shop");
  });
});
