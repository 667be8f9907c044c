import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import "#tests/environment.ts";
import { writeBacklog } from "#tests/bench/delivery-backlog.ts";
import { atMost, type Figure } from "#tests/bench/figure.ts";
import { createKlaviyoClient, type KlaviyoClient } from "#tests/simulator/klaviyo/client.ts";

/**
 * The delivery worker under the worst that an ESP and an operator do, each on a database of its own on a PostgreSQL server.
 * Counted at the receiving side, a Klaviyo in a process of its own; workers are processes that are killed with SIGKILL.
 */
const KILLS = 10;
const KILLED_EVENTS = 2_000;
const THROTTLES = 1_000;
/** More than Klaviyo's 3,500 a minute, so that the backlog has to wait for its window. */
const BACKLOG = 4_000;
const LONGEST_SECONDS = 240;

export async function chaos(): Promise<Figure[]> {
  process.env.TEST_DATABASE_URL ??= "postgres://postgres@127.0.0.1:5432/postgres";
  const { createTestDatabase, makeTemplate } = await import("#tests/database.ts");
  await makeTemplate();
  const database = await createTestDatabase();
  Object.assign(process.env, database.env);
  const { closeDatabase, pool } = await import("#app/db.server.ts");
  try {
    return [
      ...(await withStage(pool, 0, killWorkers)),
      ...(await withStage(pool, 1_000, throttle)),
      ...(await withStage(pool, 2_000, drainBacklog)),
    ];
  } finally {
    await closeDatabase();
    await database.drop();
  }
}

type Stage = {
  readonly sim: KlaviyoClient;
  /** So many connections, each to an account of its own, with so many events waiting. */
  fill(connections: number, events: number): Promise<void>;
  startWorker(): ChildProcess;
  /** Waits until so many events are at Klaviyo. */
  arrived(events: number): Promise<void>;
  /** Waits until nothing waits, and compares what the accounts hold with what they were to be told. */
  compare(): Promise<{ lost: number; repeated: number; unlogged: number }>;
};

async function withStage(pool: pg.Pool, first: number, play: (stage: Stage) => Promise<Figure[]>): Promise<Figure[]> {
  const klaviyo = fork(new URL("../bench/standin-klaviyo.ts", import.meta.url));
  const [port] = await once(klaviyo, "message");
  const url = `http://127.0.0.1:${port}`;
  const workers = new Set<ChildProcess>();
  try {
    return await play(stageOf(pool, url, first, workers));
  } finally {
    for (const worker of workers) worker.kill("SIGKILL");
    klaviyo.disconnect();
    await pool.query(`UPDATE "Connection" SET "state" = 'disabled'`);
  }
}

function stageOf(pool: pg.Pool, url: string, first: number, workers: Set<ChildProcess>): Stage {
  const sim = createKlaviyoClient(url);
  const shops = new Map<string, string>();
  const waiting = async () => {
    const { rows } = await pool.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM "Delivery" WHERE "state" = 'pending' AND "shopId" = ANY($1)`,
      [[...shops.keys()]],
    );
    return rows[0]?.n ?? 0;
  };
  return {
    sim,
    async fill(connections, events) {
      const { keyring } = await import("#app/db.server.ts");
      const { sealCredentials } = await import("#app/delivery/credentials.ts");
      for (let number = first; number < first + connections; number++) {
        const { id: accountKey, publicKey, privateKey } = await sim.createAccount({ organizationName: `S${number}` });
        const connectionId = `con_${number}`;
        const credentials = sealCredentials(keyring, connectionId, { publicKey, privateKey });
        await writeBacklog(pool, { number, connectionId, credentials, accountKey }, events);
        shops.set(`shp_${number}`, accountKey);
      }
      await pool.query("ANALYZE");
    },
    startWorker() {
      const worker = fork(new URL("./delivery-worker.ts", import.meta.url), [url]);
      workers.add(worker);
      return worker;
    },
    arrived: (events) => until(async () => (await sim.stats()).eventsRecorded >= events),
    async compare() {
      await until(async () => (await waiting()) === 0);
      const counts = { lost: 0, repeated: 0, unlogged: 0 };
      for (const [shopId, account] of shops) {
        const held = (await sim.events(account)).map(({ uniqueId }) => uniqueId);
        const { rows } = await pool.query<{ id: string; state: string }>(
          `SELECT "outboxEventId" AS id, "state" FROM "Delivery" WHERE "shopId" = $1`,
          [shopId],
        );
        const known = new Set(held);
        counts.lost += rows.filter(({ id }) => !known.has(id)).length;
        counts.repeated += held.length - known.size;
        counts.unlogged += rows.filter(({ state }) => state !== "delivered").length;
      }
      return counts;
    },
  };
}

/** Kills a worker in the middle of its calls, again and again; the next one finds what it left. */
async function killWorkers({ sim, fill, startWorker, arrived, compare }: Stage): Promise<Figure[]> {
  await fill(40, KILLED_EVENTS / 40);
  await sim.mode({ latencyMs: 50 });
  let worker = startWorker();
  for (let kill = 1; kill <= KILLS; kill++) {
    await arrived((kill * KILLED_EVENTS) / (KILLS + 1));
    worker.kill("SIGKILL");
    await once(worker, "exit");
    worker = startWorker();
  }
  const { lost, repeated, unlogged } = await compare();
  const { eventsRepeated } = await sim.stats();
  const of = `delivery, ${KILLS} kills -9 in ${KILLED_EVENTS} events`;
  return [
    atMost(`${of}: lost`, lost, 0, ""),
    atMost(`${of}: held twice (${eventsRepeated} were sent again)`, repeated, 0, ""),
    atMost(`${of}: arrived but not in the log`, unlogged, 0, ""),
  ];
}

/** Asks to be left alone a thousand times, each time for a moment. */
async function throttle({ sim, fill, startWorker, compare }: Stage): Promise<Figure[]> {
  await fill(40, 30);
  await sim.mode({ path: "/api/events", fail: { status: 429, times: THROTTLES, retryAfter: 0.2 } });
  startWorker();
  const { lost } = await compare();
  const { injected, retryAfterViolations } = await sim.stats();
  return [
    atMost(`delivery, Retry-After ${injected} times: calls before it had passed`, retryAfterViolations, 0, ""),
    atMost(`delivery, Retry-After of ${THROTTLES} times not played`, THROTTLES - injected, 0, ""),
    atMost("delivery, Retry-After: events lost", lost, 0, ""),
  ];
}

/** One account with more than it may be told in a minute. */
async function drainBacklog({ sim, fill, startWorker, compare }: Stage): Promise<Figure[]> {
  await fill(1, BACKLOG);
  startWorker();
  const { lost } = await compare();
  const { selfMade429s } = await sim.stats();
  return [
    atMost(`delivery, backlog of ${BACKLOG} at one account: 429s of our own making`, selfMade429s, 0, ""),
    atMost(`delivery, backlog of ${BACKLOG} at one account: events lost`, lost, 0, ""),
  ];
}

/** @throws Error where it never comes true */
async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const began = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - began > LONGEST_SECONDS * 1000) throw new Error(`not within ${LONGEST_SECONDS} s`);
    await sleep(20);
  }
}
