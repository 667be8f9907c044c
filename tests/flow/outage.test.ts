import { beforeEach, describe, expect, test } from "vitest";
import { db, pool } from "#app/db.server.ts";
import { readConnections } from "#app/delivery/connections.ts";
import { TRIES } from "#app/delivery/retry.ts";
import {
  type ConnectedShop,
  connectedShop,
  couponOf,
  openKlaviyo,
  statisticsOf,
  workerForEachTest,
} from "#tests/delivery.ts";

const { klaviyo, deps } = await openKlaviyo();
const worker = workerForEachTest(deps);
let shop: ConnectedShop;
beforeEach(async () => {
  shop = await connectedShop(deps, klaviyo.sim);
});

const people = (count: number, name: string) =>
  Promise.all(Array.from({ length: count }, (_, i) => shop.person(`${name}${i}`)));

const events = (of = shop) => klaviyo.sim.events(of.account.id);

async function card() {
  const [connection] = await readConnections(deps, shop.shopId);
  return connection;
}

/** As if the rest of an ESP that failed were over, and everybody's back-off. */
async function endRest() {
  await pool.query(`UPDATE "EspAccount" SET "blockedUntil" = NULL`);
  await pool.query(`UPDATE "Delivery" SET "readyAt" = "readyAt" - interval '10 minutes'`);
  await pool.query(`UPDATE "Lane" SET "readyAt" = now() - interval '1 second' WHERE "kind" = 'delivery'`);
}

/** Ends a rest, and has everybody who is ready tried; @returns how many calls of the worst operation have failed in a row */
async function tryNext(): Promise<number> {
  await endRest();
  await worker.drain();
  const { rows } = await pool.query<{ failures: Record<string, { count: number }> }>(
    `SELECT "failures" FROM "EspAccount"`,
  );
  return Math.max(0, ...Object.values(rows[0]?.failures ?? {}).map(({ count }) => count));
}

/** Until the fifth failure in a row, which is an outage: not one before. */
async function breakDown(): Promise<void> {
  for (let failures = 0; failures < 5; ) {
    failures = await tryNext();
    expect(await card()).toMatchObject({ state: failures < 5 ? "connected" : "paused" });
  }
}

/** How long nobody calls the account. */
async function restSeconds(): Promise<number | undefined> {
  const { rows } = await pool.query<{ seconds: number }>(
    `SELECT extract(epoch FROM "blockedUntil" - now())::float8 AS seconds FROM "EspAccount"`,
  );
  return rows[0]?.seconds;
}

/** The ESP is back: everything arrives. */
async function recovers(path: string | undefined): Promise<void> {
  await klaviyo.sim.mode({ path, fail: null });
  await endRest();
  const pending = () => db.delivery.count({ where: { shopId: shop.shopId, state: "pending" } });
  await expect.poll(pending).toBe(0);
  expect(await card()).toMatchObject({ state: "connected", pausedReason: null });
}

test("a shop whose ESP fails does not delay another shop's", async () => {
  const other = await connectedShop(deps, klaviyo.sim, "Heather");
  await klaviyo.sim.mode({ account: shop.account.id, path: "/api/events", fail: { status: 503, times: 1000 } });
  await shop.tell(couponOf(await shop.person("Ocean"), 1));
  await other.tell(couponOf(await other.person("Ling"), 1));
  await worker.drain();
  expect(await events(other)).toMatchObject([{ properties: { "Coupon Code": "THANKS-1" } }]);
  expect(await events()).toEqual([]);
});

describe("one delivery that fails every time, and nothing else that waits", () => {
  const path = "/api/events";
  const delivery = () => db.delivery.findFirstOrThrow({ where: { shopId: shop.shopId } });
  const failed = async () =>
    (await klaviyo.sim.requests(shop.account.id)).filter(({ status }) => status === 503).length;

  beforeEach(async () => {
    await klaviyo.sim.mode({ path, fail: { status: 503, times: 100_000 } });
    await shop.tell(couponOf(await shop.person("Ocean"), 1));
  });

  test("is set aside in the end with its reason, and shows nobody as down", async () => {
    await expect.poll(async () => (await delivery()).attempts).toBeGreaterThan(0);
    const almost = TRIES - 8;
    const tryAgain = async () => {
      const early = { shopId: shop.shopId, attempts: { lt: almost } };
      await db.delivery.updateMany({ where: early, data: { attempts: almost } });
      await tryNext();
      expect(await card()).toMatchObject({ state: "connected", pausedReason: null });
      return (await delivery()).state;
    };
    await expect.poll(tryAgain).toBe("rejected");
    expect(await delivery()).toMatchObject({ attempts: TRIES, reason: expect.stringContaining("HTTP 503") });
    await klaviyo.sim.mode({ path, fail: null });
    await shop.tell(couponOf(await shop.person("Fern"), 1));
    await expect.poll(async () => (await events()).length).toBe(1);
  });

  test("leaves the ESP alone, twice as long each time: it may be dead", async () => {
    const waits = new Map<number, number>();
    const tryAgain = async () => {
      const { rows } = await pool.query<{ now: Date }>(`SELECT now() AS "now"`);
      await tryNext();
      const { attempts, readyAt } = await delivery();
      const seconds = (readyAt.getTime() - (rows[0]?.now.getTime() ?? 0)) / 1000;
      waits.set(attempts, Math.max(seconds, waits.get(attempts) ?? 0));
      return attempts;
    };
    await expect.poll(tryAgain).toBeGreaterThanOrEqual(9);
    waits.delete(0);
    for (const [tries, seconds] of waits) expect(seconds).toBeGreaterThan(0.75 * Math.min(2 ** (tries - 1), 300));

    const { attempts } = await delivery();
    expect(await failed()).toBe(attempts);
    await pool.query(`UPDATE "Lane" SET "readyAt" = now() - interval '1 second' WHERE "kind" = 'delivery'`);
    await worker.drain();
    expect(await failed()).toBe(attempts);
  });
});

test.each([
  ["all calls fail", {}, 1],
  ["it asks to be left alone for a second", { retryAfter: 1 }, 1],
  ["profiles can still be read", { path: "/api/events" }, 2],
])("an ESP that is down is probed once, seen to be down, and back by itself: %s", async (_, dead, callsOfOneProbe) => {
  const { path, ...how } = { path: undefined, ...dead };
  const friends = await people(40, "Fern");
  await klaviyo.sim.mode({ path, fail: { status: 503, times: 100_000, ...how } });
  await shop.tell(...friends.map((person) => couponOf(person, 1)));
  await breakDown();
  expect(await card()).toMatchObject({ pausedReason: "unavailable", waiting: 40 });

  const calls = async () => (await klaviyo.sim.requests(shop.account.id)).length;
  const before = await calls();
  await shop.tell(couponOf(friends[0] ?? "", 2));
  await worker.drain();
  expect(await calls()).toBe(before);
  expect(await restSeconds()).toBeGreaterThan(5);
  await tryNext();
  expect(await calls()).toBe(before + callsOfOneProbe);

  await recovers(path);
  expect(await events()).toHaveLength(41);
});

test("an ESP that takes properties but no events is down: it hears of one event at a time, and of the properties", async () => {
  const path = "/api/events";
  const friends = await people(20, "Fern");
  const referrers = await people(20, "Ocean");
  await klaviyo.sim.mode({ path, fail: { status: 503, times: 100_000 } });
  await shop.tell(...friends.map((person) => couponOf(person, 1)));
  await breakDown();

  const told = async () => {
    const requests = await klaviyo.sim.requests(shop.account.id);
    const calls = (method: string, to: string) =>
      requests.filter((it) => it.method === method && it.path === to).length;
    return { events: calls("POST", path), properties: calls("POST", "/api/profile-import") };
  };
  const before = await told();
  await shop.tell(...referrers.map((person) => statisticsOf(person, 1)));
  for (let probes = 1; (await told()).properties < 20; probes++) {
    await tryNext();
    expect((await told()).events).toBeLessThanOrEqual(before.events + probes);
    expect(await card()).toMatchObject({ state: "paused" });
  }

  await recovers(path);
  expect(await events()).toHaveLength(20);
});
