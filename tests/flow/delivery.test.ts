import { beforeEach, describe, expect, test } from "vitest";
import { db, pool } from "#app/db.server.ts";
import { connectEsp, readConnections } from "#app/delivery/connections.ts";
import { listDeliveries, readDelivery } from "#app/delivery/log.ts";
import { retryDelivery } from "#app/delivery/replay.ts";
import { startDelivery } from "#app/delivery/worker.ts";
import { mergePeople } from "#app/domain/people/merge-people.ts";
import {
  type ConnectedShop,
  connectedShop,
  couponOf,
  NOW,
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

const METRIC = "Received Passalong Referral Coupon";

async function codesAtKlaviyo({ account }: ConnectedShop, email = "ocean@grove.shop") {
  const events = await klaviyo.sim.events(account.id, { email, metric: METRIC });
  return events.map(({ properties }) => properties["Coupon Code"]);
}

const settled = (timeout = 30_000) =>
  expect.poll(() => db.delivery.count({ where: { shopId: shop.shopId, state: "pending" } }), { timeout });

test("an event arrives once with its exact names, and the properties with it", async () => {
  const ocean = await shop.person("Ocean");
  await shop.tell(couponOf(ocean, 1), couponOf(ocean, 1));
  await shop.tell(couponOf(ocean, 1));
  await worker.drain();

  const [event, ...others] = await klaviyo.sim.events(shop.account.id);
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    metric: METRIC,
    time: "2026-11-05T10:00:00+00:00",
    profile: { email: "ocean@grove.shop" },
    properties: {
      "Coupon Code": "THANKS-1",
      "Coupon Description": "10% off your next order",
      "Date Received": "2026-11-05T10:00:00.000Z",
      Locale: "en",
      "Customer Role": "referrer",
    },
  });
  expect((await klaviyo.sim.profile(shop.account.id, "ocean@grove.shop"))?.properties).toEqual({
    "Passalong Referral Shareable Link": "https://juniper.shop/apps/passalong/OCEAN7QK",
    "Passalong Number of Successful Referrals": 1,
    "Passalong Total Successful Referral Revenue": 90,
    "Passalong Latest Successful Referral Date": "2026-11-05T10:00:00.000Z",
    "Passalong Referral Code": "OCEAN7QK",
    "Passalong Given Name": "Ocean",
    "Passalong Family Name": "Grove",
  });

  const { rows } = await listDeliveries(db, shop.shopId, { limit: 10 });
  expect(rows).toMatchObject([
    { event: METRIC, personEmail: "ocean@grove.shop", state: "delivered", attempts: 1, reason: null },
  ]);
  const detail = await readDelivery(db, shop.shopId, rows[0]?.id ?? "");
  const tries = detail?.tries.toSorted((a, b) => a.method.localeCompare(b.method));
  expect(tries).toMatchObject([
    { method: "GET", status: 200, outcome: "found" },
    { method: "POST", status: 202, outcome: "delivered" },
  ]);
  expect(JSON.parse(tries?.[1]?.request ?? "")).toMatchObject({
    data: { attributes: { unique_id: detail?.eventId } },
  });
  const [card] = await readConnections(deps, shop.shopId);
  expect(card).toMatchObject({ state: "connected", accountName: "Juniper", waiting: 0, lastSuccessAt: NOW });
});

test("a referral that is taken back removes the date of the last success", async () => {
  const ocean = await shop.person("Ocean");
  await shop.tell(couponOf(ocean, 1));
  await shop.tell(statisticsOf(ocean, 0));
  await worker.drain();
  const profile = await klaviyo.sim.profile(shop.account.id, "ocean@grove.shop");
  expect(profile?.properties).toMatchObject({ "Passalong Number of Successful Referrals": 0 });
  expect(profile?.properties).not.toHaveProperty("Passalong Latest Successful Referral Date");
});

test("property sets that follow each other are one call with the newest values, and never overtake an event", async () => {
  const ocean = await shop.person("Ocean");
  await shop.tell(statisticsOf(ocean, 1), statisticsOf(ocean, 2));
  await shop.tell(couponOf(ocean, 3), statisticsOf(ocean, 4), statisticsOf(ocean, 5));
  await worker.drain();
  const calls = (await klaviyo.sim.requests(shop.account.id)).filter(({ status }) => status < 300).reverse();
  const told = calls.flatMap(({ path, body }) => {
    const count = /"Passalong Number of Successful Referrals":(\d+)/.exec(body)?.[1];
    return count ? [[path, count]] : [];
  });
  expect(told).toEqual([
    ["/api/profile-import", "5"],
    ["/api/events", "5"],
    ["/api/profile-import", "5"],
  ]);
  expect(await db.delivery.count({ where: { shopId: shop.shopId, state: "delivered" } })).toBe(5);
});

test("an event that Klaviyo processes late does not take the profile back to what was true then", async () => {
  const ocean = await shop.person("Ocean");
  const { id, publicKey } = shop.account;
  await klaviyo.sim.mode({ visibilityDelayMs: 500 });
  await klaviyo.sim.revokeKeys(id, { all: true });
  await shop.tell(statisticsOf(ocean, 1));
  await worker.drain();
  await shop.tell(couponOf(ocean, 1, "coupon"), statisticsOf(ocean, 0));
  const { key: privateKey } = await klaviyo.sim.createKey(id);
  await connectEsp(deps, { shopId: shop.shopId, esp: "klaviyo", credentials: { publicKey, privateKey } });
  await settled().toBe(0);
  await expect.poll(() => codesAtKlaviyo(shop)).toEqual(["THANKS-1"]);
  const profile = await klaviyo.sim.profile(id, "ocean@grove.shop");
  expect(profile?.properties).toMatchObject({ "Passalong Number of Successful Referrals": 0 });
  expect(profile?.properties).not.toHaveProperty("Passalong Latest Successful Referral Date");
});

describe("Retry-After", () => {
  test.each([
    ["in seconds", () => 8],
    ["as a date", () => new Date(Math.ceil(Date.now() / 1000) * 1000 + 8000).toUTCString()],
  ])("%s is waited for by everybody of the account", async (_, retryAfter) => {
    const people = await Promise.all(["Ocean", "Fern", "Moss"].map((name) => shop.person(name)));
    await klaviyo.sim.resetStats();
    await klaviyo.sim.mode({ path: "/api/events", fail: { status: 429, retryAfter: retryAfter() } });
    await shop.tell(couponOf(people[0] ?? "", 1));
    await worker.drain();
    await shop.tell(...people.slice(1).map((person) => couponOf(person, 1)));
    await worker.drain();
    expect(await klaviyo.sim.events(shop.account.id)).toEqual([]);
    await settled().toBe(0);
    expect(await klaviyo.sim.events(shop.account.id)).toHaveLength(3);
    expect(await klaviyo.sim.stats()).toMatchObject({ retryAfterViolations: 0, selfMade429s: 0 });
  });
});

test("a failure of the ESP is tried again, and the person's later ones wait behind it", async () => {
  const ocean = await shop.person("Ocean");
  await klaviyo.sim.mode({ path: "/api/events", fail: { status: 500, times: 2 } });
  await shop.tell(couponOf(ocean, 1));
  await worker.drain();
  await shop.tell(couponOf(ocean, 2));
  await settled().toBe(0);
  expect(await codesAtKlaviyo(shop)).toEqual(["THANKS-1", "THANKS-2"]);
  const { rows } = await listDeliveries(db, shop.shopId, { limit: 10 });
  expect(rows.map(({ attempts }) => attempts)).toEqual([1, 3]);
});

test("an answer that is lost makes the call again, and the ESP keeps the first", async () => {
  const ocean = await shop.person("Ocean");
  await klaviyo.sim.mode({ path: "/api/events", loseAnswer: 1 });
  await shop.tell(couponOf(ocean, 1));
  await settled().toBe(0);
  expect(await codesAtKlaviyo(shop)).toEqual(["THANKS-1"]);
  expect(await klaviyo.sim.stats()).toMatchObject({ eventsRepeated: 1 });
});

test("a revoked key pauses and buffers; a new one sends everything once and in order", async () => {
  const ocean = await shop.person("Ocean");
  const fern = await shop.person("Fern");
  const { id, publicKey } = shop.account;
  await klaviyo.sim.revokeKeys(id, { all: true });
  await shop.tell(couponOf(ocean, 1));
  await worker.drain();
  await shop.tell(couponOf(fern, 1), couponOf(ocean, 2), couponOf(ocean, 3));
  await worker.drain();
  const calls = (await klaviyo.sim.requests()).length;
  await worker.drain();
  expect((await klaviyo.sim.requests()).length).toBe(calls);
  expect((await readConnections(deps, shop.shopId))[0]).toMatchObject({
    state: "paused",
    pausedReason: "reconnect",
    waiting: 4,
  });

  const { key: privateKey } = await klaviyo.sim.createKey(id);
  const again = { shopId: shop.shopId, esp: "klaviyo" as const, credentials: { publicKey, privateKey } };
  expect(await connectEsp(deps, again)).toEqual({ ok: true, accountName: "Juniper", listsLeft: [] });
  await worker.drain();
  expect(await codesAtKlaviyo(shop)).toEqual(["THANKS-1", "THANKS-2", "THANKS-3"]);
  expect(await codesAtKlaviyo(shop, "fern@grove.shop")).toEqual(["THANKS-1"]);
  expect((await readConnections(deps, shop.shopId))[0]).toMatchObject({ state: "connected", waiting: 0 });
  expect(await klaviyo.sim.stats()).toMatchObject({ eventsRepeated: 0 });
});

test("a delivery that the ESP refuses is set aside with its reason, and its neighbours go on", async () => {
  const people = await Promise.all(["Ocean", "Fern", "Moss", "Reed"].map((name) => shop.person(name)));
  const bad = await shop.person("Bad", { email: "not an address" });
  const nobody = await shop.person("Nobody", { email: null });
  await shop.tell(...[bad, nobody, ...people].map((person) => couponOf(person, 1)));
  await worker.drain();
  expect(await klaviyo.sim.events(shop.account.id)).toHaveLength(4);
  const { rows } = await listDeliveries(db, shop.shopId, { state: "rejected", limit: 10 });
  expect(rows.map(({ reason }) => reason)).toEqual([
    "no_identifier",
    expect.stringMatching(/^HTTP 400 invalid: .*email/),
  ]);
});

test("a phone that the ESP refuses, of somebody without an address, is told as the reason", async () => {
  const reed = await shop.person("Reed", { email: null, phone: "+123" });
  await shop.tell(couponOf(reed, 1));
  await worker.drain();
  const { rows } = await listDeliveries(db, shop.shopId, { limit: 10 });
  expect(rows).toMatchObject([{ state: "rejected", reason: expect.stringContaining("phone_number") }]);
});

test("a rejected delivery is sent again by hand, and one that arrived changes nothing", async () => {
  const ocean = await shop.person("Ocean");
  await klaviyo.sim.mode({ path: "/api/events", fail: { status: 422 } });
  await shop.tell(couponOf(ocean, 1), couponOf(ocean, 2));
  await worker.drain();
  const { rows } = await listDeliveries(db, shop.shopId, { limit: 10 });
  expect(rows.map(({ state }) => state)).toEqual(["delivered", "rejected"]);
  for (const { id } of rows) expect(await retryDelivery(deps, { shopId: shop.shopId, id })).toEqual({ ok: true });
  await settled().toBe(0);
  expect(await codesAtKlaviyo(shop)).toEqual(["THANKS-2", "THANKS-1"]);
  expect(await klaviyo.sim.stats()).toMatchObject({ eventsRecorded: 2, eventsRepeated: 1 });
});

test("what is sent again by hand does not take the profile back to what was true then", async () => {
  const ocean = await shop.person("Ocean");
  await shop.tell(statisticsOf(ocean, 1));
  await worker.drain();
  await shop.tell(couponOf(ocean, 2), statisticsOf(ocean, 3));
  await worker.drain();
  const { rows } = await listDeliveries(db, shop.shopId, { limit: 10 });
  for (const { id } of rows.toReversed()) {
    expect(await retryDelivery(deps, { shopId: shop.shopId, id })).toEqual({ ok: true });
    await settled().toBe(0);
    const [profile] = await klaviyo.sim.profiles(shop.account.id);
    expect(profile?.properties).toMatchObject({ "Passalong Number of Successful Referrals": 3 });
  }
  expect(await codesAtKlaviyo(shop)).toEqual(["THANKS-2"]);
});

test("a backlog is drained without one refusal for being too fast", { timeout: 180_000 }, async () => {
  const people = await Promise.all(Array.from({ length: 12 }, (_, i) => shop.person(`P${i}`)));
  for (let round = 1; round <= 50; round++) await shop.tell(...people.map((person) => couponOf(person, round)));
  await settled(170_000).toBe(0);
  expect(await klaviyo.sim.stats()).toMatchObject({ eventsRecorded: 600, selfMade429s: 0, retryAfterViolations: 0 });
});

test("two workers on one lane deliver each once and in order", async () => {
  const second = startDelivery(deps);
  const ocean = await shop.person("Ocean");
  for (let i = 1; i <= 20; i++) await shop.tell(couponOf(ocean, i));
  await settled().toBe(0);
  await second.stop();
  expect(await codesAtKlaviyo(shop)).toEqual(Array.from({ length: 20 }, (_, i) => `THANKS-${i + 1}`));
  expect(await klaviyo.sim.stats()).toMatchObject({ eventsRepeated: 0 });
});

test("a worker that was killed between the call and the record makes the call again with the same id", async () => {
  const ocean = await shop.person("Ocean");
  await shop.tell(couponOf(ocean, 1));
  await worker.drain();
  // As it is after a kill: the call was made, nothing is recorded, the leases are not given back.
  await pool.query(`UPDATE "Delivery" SET "state" = 'pending', "doneAt" = NULL`);
  await pool.query(
    `UPDATE "Lane" SET "readyAt" = now() - interval '1 second', "lockedBy" = 'dead', "lockedUntil" = now() + interval '500 milliseconds'`,
  );
  await pool.query(`UPDATE "EspAccount" SET "lockedBy" = (SELECT "id" FROM "Lane" LIMIT 1)`);
  await settled().toBe(0);
  expect(await codesAtKlaviyo(shop)).toEqual(["THANKS-1"]);
  expect(await klaviyo.sim.stats()).toMatchObject({ eventsRepeated: 1 });
});

test("a customer who is merged into another while they are told of: nobody is told twice, and what was learnt stays", async () => {
  const [gone, kept, fern] = await Promise.all(["Ocean", "Sea", "Fern"].map((name) => shop.person(name)));
  await klaviyo.sim.mode({ path: "/api/events", latencyMs: 1_000 });
  await shop.tell(couponOf(gone ?? "", 1), couponOf(fern ?? "", 1));
  worker.poke();
  const asked = async () =>
    (await klaviyo.sim.requests()).filter(({ path }) => path.startsWith("/api/profiles?filter")).length;
  await expect.poll(asked, { interval: 20 }).toBeGreaterThan(0);
  await shop.decide(async (ctx) => {
    const person = (id = "") => ctx.tx.person.findUniqueOrThrow({ where: { shopId_id: { shopId: ctx.shop.id, id } } });
    await mergePeople(ctx, await person(gone), await person(kept), "merge");
  });
  await settled().toBe(0);
  const events = await klaviyo.sim.events(shop.account.id);
  expect(events.map(({ profile }) => profile.email)).toEqual(["ocean@grove.shop", "fern@grove.shop"]);
  expect(await klaviyo.sim.stats()).toMatchObject({ eventsRecorded: 2, eventsRepeated: 0 });
  expect(await db.connectionPerson.findMany({ where: { shopId: shop.shopId } })).toMatchObject([{ personId: fern }]);
});

test("a worker that is told to stop finishes what is under way, and the next one goes on", async () => {
  const people = await Promise.all(Array.from({ length: 120 }, (_, i) => shop.person(`P${i}`)));
  await klaviyo.sim.mode({ path: "/api/events", latencyMs: 300 });
  await shop.tell(...people.map((person) => couponOf(person, 1)));
  worker.poke();
  await expect
    .poll(async () => (await klaviyo.sim.events(shop.account.id)).length, { interval: 20 })
    .toBeGreaterThan(0);
  await worker.stop();
  const arrived = (await klaviyo.sim.events(shop.account.id)).length;
  expect(arrived).toBeLessThan(120);
  expect(await db.delivery.count({ where: { shopId: shop.shopId, state: "delivered" } })).toBe(arrived);

  worker.restart();
  await settled().toBe(0);
  expect(await klaviyo.sim.stats()).toMatchObject({ eventsRecorded: 120, eventsRepeated: 0 });
});

test("shops that share an account share its pace and a Retry-After", async () => {
  const { id, publicKey } = shop.account;
  const { key: privateKey } = await klaviyo.sim.createKey(id);
  const other = await connectedShop(deps, klaviyo.sim, "Heather", { id, publicKey, privateKey });
  await klaviyo.sim.resetStats();
  await klaviyo.sim.mode({ path: "/api/events", fail: { status: 429, retryAfter: 8 } });
  await shop.tell(couponOf(await shop.person("Ocean"), 1));
  await worker.drain();
  await other.tell(couponOf(await other.person("Ling"), 1));
  await worker.drain();
  expect(await klaviyo.sim.events(id)).toEqual([]);
  await expect.poll(async () => (await klaviyo.sim.events(id)).length).toBe(2);
  expect(await klaviyo.sim.stats()).toMatchObject({ retryAfterViolations: 0, selfMade429s: 0 });
});
