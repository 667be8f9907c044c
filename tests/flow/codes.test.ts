import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startApp, type TestApp } from "#tests/app.ts";
import { openStory, type Story } from "./story.ts";

/** A story is several rounds of webhooks, jobs and deliveries. */
vi.setConfig({ testTimeout: 60_000 });

let app: TestApp;
let codes: typeof import("#app/shopify/ensure-code.ts");
let discounts: typeof import("#app/domain/rewards/request-coupon.ts");
let jobs: typeof import("#app/jobs/load-discount.ts");

beforeAll(async () => {
  app = await startApp();
  codes = await import("#app/shopify/ensure-code.ts");
  discounts = await import("#app/domain/rewards/request-coupon.ts");
  jobs = await import("#app/jobs/load-discount.ts");
});
afterAll(() => app.stop());

/** A discount that Shopify has not got yet; codes are made to work as the jobs do it. */
async function newDiscount({ decide, shopId }: Story, percent = 7) {
  const value = { type: "percentage", percent } as const;
  const terms = { value, minimumSpend: null, usageLimit: 1, oncePerCustomer: false };
  const id = await decide((ctx) => discounts.discountFor(ctx, terms));
  return async (code: string) => {
    const { deps, wanted } = await jobs.loadDiscount(shopId, id);
    return codes.ensureCode(deps, { ...wanted, code });
  };
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
  const ensure = await newDiscount(story);
  await fail("CreateDiscount");
  await expect(ensure("SEVEN-A")).rejects.toThrow("502");
  expect(await ensure("SEVEN-B")).toMatchObject({ works: true });
  expect(await ensure("SEVEN-A")).toMatchObject({ works: true });
  expect(await sevenPercent(story)).toEqual([["SEVEN-A", "SEVEN-B"]]);
});

test("a discount is made, although the code that it was to be made with is another one's now", async () => {
  const story = await openStory(app, "foreign");
  const ensure = await newDiscount(story);
  await app.sim.client.setAdminApiMode({ fail: { status: 502, times: 1, operationName: "CreateDiscount" } });
  await expect(ensure("SEVEN-A")).rejects.toThrow("502");
  const ensureOther = await newDiscount(story, 8);
  expect(await ensureOther("SEVEN-A")).toMatchObject({ works: true });
  expect(await ensure("SEVEN-A")).toEqual({ works: false, because: "TAKEN" });
  expect(await ensure("SEVEN-B")).toMatchObject({ works: true });
  expect(await sevenPercent(story)).toEqual([["SEVEN-B"]]);
});

test("a code that Shopify was still adding when it was looked for is no code of somebody else", async () => {
  const story = await openStory(app, "adding");
  const ensure = await newDiscount(story);
  await ensure("SEVEN-A");
  await app.sim.client.setAdminApiMode({ latencyMs: 150 });
  await fail("AddCodes");
  await expect(ensure("SEVEN-B")).rejects.toThrow("502");
  expect(await ensure("SEVEN-B")).toMatchObject({ works: true });
  await app.sim.client.setAdminApiMode({ latencyMs: 0 });
  expect(await sevenPercent(story)).toEqual([["SEVEN-A", "SEVEN-B"]]);
});
