import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { defaultTerms } from "#app/domain/referrals/terms.ts";
import { formOf } from "#app/routes/app.program/form.ts";
import { createMerchant } from "#tests/demo/merchant.ts";
import { type BuiltApp, prepareBuiltApp } from "./built-app.ts";
import { type Records, recordsOf } from "./records.ts";
import { friend, joinAs, openShop, type Referrer, type Shop } from "./world.ts";

// Each test starts the whole app.
vi.setConfig({ hookTimeout: 150_000 });

let app: BuiltApp;

beforeAll(async () => {
  app = await prepareBuiltApp();
});
afterAll(() => app.close());
beforeEach(() => app.start());
afterEach(() => app.end("SIGKILL"));

/**
 * Looks at what a killed app left half done, and lets its leases run out: lanes are leased for up to a minute, jobs expire
 * after two (app/queue/boss.ts).
 */
async function findHalfDone(query: string): Promise<void> {
  await app.withDatabase(async (pool) => {
    expect((await pool.query(query)).rows).not.toEqual([]);
    await pool.query(`UPDATE "Lane" SET "lockedUntil" = now() - interval '1 second' WHERE "lockedUntil" IS NOT NULL`);
    await pool.query(`UPDATE pgboss.job SET state = 'retry', start_after = now() WHERE state = 'active'`);
  });
}

async function sharingShop(handle: string): Promise<{ shop: Shop; ocean: Referrer }> {
  const shop = await openShop(app, { handle });
  const ocean = await joinAs(app, shop);
  await expect.poll(() => codesOf(shop)).toEqual([ocean.code]);
  await expect.poll(() => stockOf(shop)).toBe(60);
  await settled(shop, 1);
  return { shop, ocean };
}

async function stockOf({ handle }: Shop): Promise<number> {
  const discounts = await app.sim.client.discounts(handle);
  return discounts.flatMap(({ codes }) => codes).filter(({ code }) => code.startsWith("FRIEND-")).length;
}

/** Codes that somebody has; the stock that waits to be claimed is nobody's. */
async function codesOf({ handle }: Shop): Promise<string[]> {
  const discounts = await app.sim.client.discounts(handle);
  return discounts.flatMap(({ codes }) => codes.map(({ code }) => code)).filter((code) => !code.startsWith("FRIEND-"));
}

/** Waits until so many events are at Klaviyo, and nothing is under way. */
async function settled({ klaviyo, account }: Shop, events: number): Promise<void> {
  await expect.poll(() => klaviyo.events(account.id), { timeout: 100_000, interval: 100 }).toHaveLength(events);
  await app.sim.client.webhooksIdle();
  await expect.poll(createMerchant(app.url, app.sim.client).isIdle).toBe(true);
}

async function called(operation: string): Promise<void> {
  const names = async () => (await app.sim.client.adminApiCalls()).map(({ operationName }) => operationName);
  await expect.poll(names, { interval: 10 }).toContain(operation);
}

/**
 * Kills the app without a word, and starts it with nothing in its way.
 * @param halfDone finds what shows that the kill came at the right moment
 */
async function killAndStart(halfDone: string): Promise<void> {
  await app.end("SIGKILL");
  app.lines.shopify.mend();
  app.lines.klaviyo.mend();
  await app.sim.client.setAdminApiMode({ latencyMs: 0 });
  await findHalfDone(halfDone);
  await app.start();
}

/** Kills when Shopify, which is slow, has looked for a code and then carried out a mutation whose answer does not arrive. */
async function killAfter(mutation: string, halfDone: string): Promise<void> {
  await called("FindCode");
  await sleep(100);
  app.lines.shopify.cut();
  await called(mutation);
  await killAndStart(halfDone);
}

describe("a kill -9 between an order and its delivery loses nothing and does nothing twice", () => {
  /** Places an order and kills the app on its way; `nth` counts the orders from 1. */
  type Disturb = (nth: number, placeOrder: () => Promise<unknown>, shop: Shop) => Promise<unknown>;

  const moments: Readonly<Record<string, Disturb>> = {
    "before the order was looked at": async (_nth, placeOrder) => {
      app.lines.shopify.cut();
      await placeOrder();
      await app.sim.client.webhooksIdle();
      await killAndStart(`SELECT "id" FROM "WebhookInbox" WHERE "topic" = 'orders/paid' AND "state" = 'pending'`);
    },
    "when Shopify had made the coupon's code": async (_nth, placeOrder) => {
      await app.sim.client.setAdminApiMode({ latencyMs: 500 });
      await placeOrder();
      await killAfter("AddCodes", `SELECT "id" FROM "Coupon" WHERE "kind" = 'reward' AND "state" = 'issuing'`);
    },
    "when Klaviyo had the event": async (nth, placeOrder, { klaviyo, account }) => {
      // Only the event's answer: the look at the profile before it is to come through.
      const event = "POST /api/events";
      await klaviyo.mode({ path: event, loseAnswer: 100 });
      await placeOrder();
      const redeemed = () => klaviyo.events(account.id, { metric: "Redeemed Passalong Referral Coupon" });
      await expect.poll(redeemed, { interval: 20 }).toHaveLength(nth);
      await app.end("SIGKILL"); // before its next try could be answered
      await klaviyo.mode({ path: event, loseAnswer: 0 });
      await killAndStart(`SELECT "id" FROM "Delivery" WHERE "kind" = 'event' AND "state" = 'pending'`);
    },
  };

  /** Friends of one referrer order, one after the other. */
  async function story(handle: string, disturbances: readonly Disturb[]): Promise<Shop> {
    const { shop, ocean } = await sharingShop(handle);
    for (const [i, disturb] of disturbances.entries()) {
      await app.sim.client.adminApiCalls({ clear: true });
      const order = { ...friend(`Fern${i}`), discountCode: ocean.code };
      await disturb(i + 1, () => app.sim.client.placeOrder(handle, order), shop);
      await settled(shop, 1 + 2 * (i + 1));
    }
    expect(await codesOf(shop)).toHaveLength(1 + disturbances.length);
    expect(await app.sim.client.discounts(handle)).toHaveLength(2);
    return shop;
  }

  test(`${Object.keys(moments).join(", ")}: what is there is what would be without`, { timeout: 600_000 }, async () => {
    // Each of them twice: also what was killed so before, and has recovered.
    const disturbances = [...Object.values(moments), ...Object.values(moments)];
    const killed = await story("killed", disturbances);
    const calm = await story(
      "calm",
      disturbances.map(() => (_nth, placeOrder) => placeOrder()),
    );
    await app.end("SIGTERM");
    await app.withDatabase(async (pool) => {
      const expected: Records = await recordsOf(pool, calm);
      expect(await recordsOf(pool, killed)).toEqual(expected);
    });
  });
});

describe("a kill -9 while the first stock is made", () => {
  test("leaves one discount with as many codes as are wanted, none of them twice", { timeout: 240_000 }, async () => {
    await app.sim.client.createShop({ handle: "cedar" });
    await app.sim.client.adminApiCalls({ clear: true });
    await app.sim.client.setAdminApiMode({ latencyMs: 1000 });
    await createMerchant(app.url, app.sim.client).open("cedar");
    await killAfter(
      "CreateDiscount",
      `SELECT coupon."id" FROM "Coupon" coupon JOIN "Discount" discount ON discount."id" = coupon."discountId"
        JOIN "Shop" ON "Shop"."id" = coupon."shopId"
        WHERE "Shop"."domain" = 'cedar.myshopify.com' AND coupon."state" = 'stocking' AND discount."gid" IS NULL`,
    );
    const discounts = () => app.sim.client.discounts("cedar");
    const stocked = async () => (await discounts()).flatMap(({ codes }) => codes).length;
    await expect.poll(stocked, { timeout: 100_000, interval: 200 }).toBeGreaterThanOrEqual(60);
    expect(await app.end("SIGTERM")).not.toContain(null);
    const found = await discounts();
    expect(found.map(({ title }) => title)).toEqual(["Passalong: 10% reward"]);
    await app.withDatabase(async (pool) => {
      const { rows } = await pool.query<{ state: string; code: string; gid: string }>(
        `SELECT coupon."state", coupon."code", discount."gid" FROM "Coupon" coupon
           JOIN "Discount" discount ON discount."id" = coupon."discountId"
           JOIN "Shop" ON "Shop"."id" = coupon."shopId" WHERE "Shop"."domain" = 'cedar.myshopify.com'`,
      );
      expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(["stock"]));
      expect(new Set(rows.map(({ gid }) => gid))).toEqual(new Set([found[0]?.gid]));
      const inShopify = found.flatMap(({ codes }) => codes.map(({ code }) => code));
      expect(inShopify).toHaveLength(60);
      expect(rows.map(({ code }) => code).sort()).toEqual(inShopify.sort());
    });
  });
});

describe("a kill -9 while referrers' codes move to other terms", () => {
  test("loses none: they work under the new terms, and only there", { timeout: 300_000 }, async () => {
    const { shop, ocean } = await sharingShop("rowan");
    const umi = await joinAs(app, shop, "Umi");
    await expect.poll(async () => (await codesOf(shop)).length).toBe(2);
    await settled(shop, 2);
    const recipientReward = { ...defaultTerms.recipientReward, value: { type: "percentage" as const, percent: 5 } };
    const form = formOf({ ...defaultTerms, recipientReward }, "USD");
    await app.sim.client.adminApiCalls({ clear: true });
    await app.sim.client.setAdminApiMode({ latencyMs: 500 });
    expect((await createMerchant(app.url, app.sim.client).save("rowan", "/app/program", form)).status).toBe(200);
    await called("JobDone");
    app.lines.shopify.cut();
    await expect.poll(async () => (await codesOf(shop)).length).toBe(1);
    await killAndStart(`SELECT "id" FROM "Coupon" WHERE "kind" = 'referrer_code' AND "state" = 'moving'`);
    const friends = async () => {
      const discounts = await app.sim.client.discounts("rowan");
      const found = discounts.filter(({ title }) => title.endsWith("for friends"));
      return found.map(({ title, codes }) => [title, ...codes.map(({ code }) => code).sort()]);
    };
    await expect
      .poll(friends, { timeout: 100_000, interval: 200 })
      .toEqual([["Passalong: 10% for friends"], ["Passalong: 5% for friends", ...[ocean.code, umi.code].sort()]]);
    const order = await app.sim.client.placeOrder("rowan", { ...friend(), discountCode: ocean.code });
    expect(order.total_discounts).toBe("4.50");
  });
});

describe("SIGTERM while orders pour in", () => {
  test("finishes what is under way, refuses nobody, and the rest is done after the next start", {
    timeout: 240_000,
  }, async () => {
    const ORDERS = 40;
    const { shop, ocean } = await sharingShop("juniper");
    await shop.klaviyo.resetStats();
    await shop.klaviyo.mode({ latencyMs: 150 });
    const placing = (async () => {
      for (let i = 0; i < ORDERS; i++) {
        await app.sim.client.placeOrder("juniper", { ...friend(`Fern${i}`), discountCode: ocean.code });
      }
    })();
    const events = async () => (await shop.klaviyo.events(shop.account.id)).length;
    await expect.poll(events, { interval: 20 }).toBeGreaterThan(5);

    const asked = performance.now();
    expect(new Set(await app.end("SIGTERM"))).toEqual(new Set([0]));
    expect(performance.now() - asked).toBeLessThan(10_000);
    await placing;
    const leftOver = await app.withDatabase(async (pool) => {
      const lanes = await pool.query(`SELECT "id" FROM "Lane" WHERE "lockedUntil" > now()`);
      const jobs = await pool.query(`SELECT name FROM pgboss.job WHERE state = 'active'`);
      return [...lanes.rows, ...jobs.rows];
    });
    expect(leftOver).toEqual([]);

    await app.start();
    await settled(shop, 1 + 2 * ORDERS);
    const sent = await app.sim.client.webhooks({ shop: "juniper" });
    const answers = sent.flatMap(({ attempts }) => attempts.map(({ status }) => status));
    expect(new Set(answers.filter((status) => status !== null))).toEqual(new Set([200]));
    expect(await shop.klaviyo.stats()).toMatchObject({ eventsRepeated: 0, retryAfterViolations: 0 });
    expect(await codesOf(shop)).toHaveLength(1 + ORDERS);
    await app.end("SIGTERM");
    const { Referral, Reward, Referrer } = await app.withDatabase((pool) => recordsOf(pool, shop));
    expect(Referral).toHaveLength(ORDERS);
    expect(Reward).toHaveLength(ORDERS);
    expect(Referrer).toMatchObject([{ successfulCount: ORDERS, successfulRevenue: ORDERS * 8100 }]);
  });
});
