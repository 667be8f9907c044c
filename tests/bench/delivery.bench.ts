import { fork } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import "#tests/environment.ts";
import { createKlaviyoClient, type NewAccount } from "#tests/simulator/klaviyo/client.ts";
import { writeBacklog } from "./delivery-backlog.ts";
import { atMost, type Figure, numberIn, speed } from "./figure.ts";

/**
 * A backlog of 100,000 events over 100 connections of 100 accounts, every rate window on, on a PostgreSQL server. The
 * stand-in is a process of its own and counts what arrives; this process is the worker, as `npm run worker` would be.
 */
const CONNECTIONS = 100;
const EVENTS = 100_000;

/** @param args `--events N` for a quicker run with fewer */
export async function bench(args: readonly string[]): Promise<Figure[]> {
  const events = Math.ceil(numberIn(args, "--events", EVENTS) / CONNECTIONS) * CONNECTIONS;
  process.env.TEST_DATABASE_URL ??= "postgres://postgres@127.0.0.1:5432/postgres";
  const { createTestDatabase, makeTemplate } = await import("#tests/database.ts");
  await makeTemplate();
  const database = await createTestDatabase();
  Object.assign(process.env, database.env);
  try {
    const floor = await withKlaviyo((url) => callBarely(url, events / 10));
    const { perSecond, stats, delivered } = await withKlaviyo((url) => deliver(url, events));
    return [
      speed("delivery, PostgreSQL", perSecond, 1600, { name: "bare calls", perSecond: floor }),
      atMost("delivery, 429s of our own making", stats.selfMade429s, 0, ""),
      atMost("delivery, calls before a Retry-After had passed", stats.retryAfterViolations, 0, ""),
      atMost(`delivery, events lost of ${events}`, events - stats.eventsRecorded, 0, ""),
      atMost("delivery, events sent twice", stats.eventsRepeated, 0, ""),
      atMost("delivery, arrived but not in the log", events - delivered, 0, ""),
    ];
  } finally {
    await database.drop();
  }
}

async function withKlaviyo<T>(measure: (url: string) => Promise<T>): Promise<T> {
  const klaviyo = fork(new URL("./standin-klaviyo.ts", import.meta.url));
  try {
    const [port] = await once(klaviyo, "message");
    return await measure(`http://127.0.0.1:${port}`);
  } finally {
    klaviyo.disconnect();
  }
}

async function deliver(url: string, events: number) {
  const { closeDatabase, db, keyring, pool } = await import("#app/db.server.ts");
  const { sealCredentials } = await import("#app/delivery/credentials.ts");
  const { startDelivery } = await import("#app/delivery/worker.ts");
  const { log } = await import("#app/log.server.ts");
  const sim = createKlaviyoClient(url);
  for (const [number, { id: accountKey, publicKey, privateKey }] of (await makeAccounts(url)).entries()) {
    const connectionId = `con_${number}`;
    const credentials = sealCredentials(keyring, connectionId, { publicKey, privateKey });
    await writeBacklog(pool, { number, connectionId, credentials, accountKey }, events / CONNECTIONS);
  }
  await pool.query("ANALYZE");
  const began = performance.now();
  const worker = startDelivery({ db, pool, now: () => new Date(), log, keyring, baseUrls: { klaviyo: url } });
  const seconds = () => (performance.now() - began) / 1000;
  while ((await sim.stats()).eventsRecorded < events && seconds() < 600) await sleep(250);
  const perSecond = events / seconds();
  await worker.stop();
  const stats = await sim.stats();
  const { rows } = await pool.query<{ n: string }>(`SELECT count(*) AS n FROM "Delivery" WHERE "state" = 'delivered'`);
  await closeDatabase();
  return { perSecond, stats, delivered: Number(rows[0]?.n) };
}

/** The floor: the same calls with nothing around them, no database, one after the other in 128 rows. */
async function callBarely(url: string, calls: number): Promise<number> {
  const accounts = await makeAccounts(url);
  let next = 0;
  const began = performance.now();
  const row = async () => {
    for (let i = next++; i < calls; i = next++) await callOnce(url, accounts[i % CONNECTIONS], i);
  };
  await Promise.all(Array.from({ length: 128 }, row));
  return calls / ((performance.now() - began) / 1000);
}

function callOnce(url: string, account: NewAccount | undefined, number: number): Promise<void> {
  const headers = {
    Authorization: `Klaviyo-API-Key ${account?.privateKey}`,
    revision: "2026-07-15",
    "Content-Type": "application/vnd.api+json",
  };
  const profile = {
    type: "profile",
    attributes: { email: `p${number % 50}@grove.shop`, properties: { "Passalong Referral Code": "OCEAN7QK" } },
  };
  const attributes = {
    metric: { data: { type: "metric", attributes: { name: "Received Passalong Referral Coupon" } } },
    profile: { data: profile },
    properties: { "Coupon Code": `THANKS-${number}`, "Coupon Description": "10% off your next order", Locale: "en" },
    time: "2026-11-05T05:35:55.144Z",
    unique_id: `evt_${number}`,
  };
  return new Promise((resolve, reject) => {
    const request = http.request(`${url}/api/events`, { method: "POST", headers }, (response) => {
      response.resume().once("end", resolve);
    });
    request.on("error", reject).end(JSON.stringify({ data: { type: "event", attributes } }));
  });
}

function makeAccounts(url: string): Promise<NewAccount[]> {
  const sim = createKlaviyoClient(url);
  return Promise.all(
    Array.from({ length: CONNECTIONS }, (_, i) => sim.createAccount({ organizationName: `Shop ${i}` })),
  );
}
