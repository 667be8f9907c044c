import { describe, expect, test, vi } from "vitest";
import { db } from "#app/db.server.ts";
import { discountFor } from "#app/domain/rewards/request-coupon.ts";
import { jobs } from "#app/jobs/index.ts";
import { loadDiscount } from "#app/jobs/load-discount.ts";
import { addCodes } from "#app/shopify/admin/discounts.ts";
import { ensureCode } from "#app/shopify/ensure-code.ts";
import { openApp } from "#tests/app.ts";
import { openStory, type Story } from "./story.ts";

/** A story is several rounds of webhooks, jobs and deliveries. */
vi.setConfig({ testTimeout: 180_000 });

const app = await openApp();

/** A discount that Shopify has not got yet; codes are made to work as the jobs do it. */
async function newDiscount({ decide, shopId }: Story, percent = 7) {
  const value = { type: "percentage", percent } as const;
  const terms = { value, minimumSpend: null, usageLimit: 1, oncePerCustomer: false };
  const { id } = await decide((ctx) => discountFor(ctx, terms));
  const ensure = async (code: string) => {
    const { deps, wanted } = await loadDiscount(shopId, id);
    return ensureCode(deps, { ...wanted, code });
  };
  return { id, ensure };
}

/** The discounts of that kind in Shopify, each with its codes. */
async function sevenPercent({ handle }: Story) {
  const all = await app.sim.client.discounts(handle);
  return all.filter(({ title }) => title?.includes("7%")).map((one) => one.codes.map(({ code }) => code).sort());
}

const fail = (operationName: string) =>
  app.sim.client.setAdminApiMode({ fail: { status: 502, times: 1, operationName, done: true } });

test("a discount that was made in a call without an answer is found, also for another code", async () => {
  const story = await openStory(app, "made");
  const { ensure } = await newDiscount(story);
  await fail("CreateDiscount");
  await expect(ensure("SEVEN-A")).rejects.toThrow("502");
  expect(await ensure("SEVEN-B")).toMatchObject({ works: true });
  expect(await ensure("SEVEN-A")).toMatchObject({ works: true });
  expect(await sevenPercent(story)).toEqual([["SEVEN-A", "SEVEN-B"]]);
});

test("a discount is made, although the code that it was to be made with is another one's now", async () => {
  const story = await openStory(app, "foreign");
  const { ensure } = await newDiscount(story);
  await app.sim.client.setAdminApiMode({ fail: { status: 502, times: 1, operationName: "CreateDiscount" } });
  await expect(ensure("SEVEN-A")).rejects.toThrow("502");
  const other = await newDiscount(story, 8);
  expect(await other.ensure("SEVEN-A")).toMatchObject({ works: true });
  expect(await ensure("SEVEN-A")).toEqual({ works: false, because: "TAKEN" });
  expect(await ensure("SEVEN-B")).toMatchObject({ works: true });
  expect(await sevenPercent(story)).toEqual([["SEVEN-B"]]);
});

test("a code that Shopify was still adding when it was looked for is no code of somebody else", async () => {
  const story = await openStory(app, "adding");
  const { ensure } = await newDiscount(story);
  await ensure("SEVEN-A");
  await app.sim.client.setAdminApiMode({ latencyMs: 150 });
  await fail("AddCodes");
  await expect(ensure("SEVEN-B")).rejects.toThrow("502");
  expect(await ensure("SEVEN-B")).toMatchObject({ works: true });
  await app.sim.client.setAdminApiMode({ latencyMs: 0 });
  expect(await sevenPercent(story)).toEqual([["SEVEN-A", "SEVEN-B"]]);
});

describe("when the jobs have given up, the sweep has it done", () => {
  const longAgo = new Date("2026-01-01T00:00:00Z");

  /** A referrer's code as it stands when nobody works on it any more. */
  async function left(handle: string, data: object, remove: boolean) {
    const story = await openStory(app, handle);
    const { code } = await story.joins("Ocean");
    const find = () => db.coupon.findFirstOrThrow({ where: { shopId: story.shopId, code } });
    const { id } = await find();
    const { shopId } = story;
    if (remove) {
      await jobs["disable-coupon"].run({ shopId, couponId: id }, false);
      expect(await story.codesInShopify()).not.toContain(code);
    }
    await db.coupon.update({ where: { shopId_id: { shopId, id } }, data: { ...data, removedAt: null } });
    await jobs["sweep-coupons"].run({ shopId }, false);
    await app.drain();
    return { works: (await story.codesInShopify()).includes(code), coupon: await find() };
  }

  test.each(["expired", "disabled"])("a code that is %s works no longer", async (state) => {
    const { works, coupon } = await left(`sweep-${state}`, { state }, false);
    expect(works).toBe(false);
    expect(coupon).toMatchObject({ state, removedAt: expect.any(Date) });
  });

  test.each([
    ["that was to be made", { state: "issuing", createdAt: longAgo }],
    ["that Shopify did not answer about", { state: "failed", reason: "shopify_unavailable" }],
  ])("a referrer's code %s works", async (_case, data) => {
    const { works, coupon } = await left(`sweep-${data.state}`, data, true);
    expect(works).toBe(true);
    expect(coupon).toMatchObject({ state: "live", reason: null });
  });
});

test("a code that works, though its discount does not list it, is not taken for gone", async () => {
  const story = await openStory(app, "unlisted");
  const { shopId } = story;
  const { id: discountId, ensure } = await newDiscount(story);
  // Shopify lists ten that are like it; it is the twelfth.
  const made = await ensure("SEVEN-A0");
  const { deps } = await loadDiscount(shopId, discountId);
  const similar = Array.from({ length: 10 }, (_, i) => `SEVEN-A${i + 1}`);
  await addCodes(deps.admin, made.works ? made.discountGid : "", similar);
  await ensure("SEVEN-A");
  const coupon = { shopId, id: "cpn_unlisted", discountId, kind: "reward", code: "SEVEN-A", state: "disabled" };
  await db.coupon.create({ data: { ...coupon, createdAt: new Date() } });
  await expect(jobs["disable-coupon"].run({ shopId, couponId: coupon.id }, false)).rejects.toThrow("does not list it");
  expect(await db.coupon.findFirst({ where: { shopId, id: coupon.id } })).toMatchObject({ removedAt: null });
});
