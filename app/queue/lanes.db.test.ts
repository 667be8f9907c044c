import { once } from "node:events";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db, pool } from "#app/db.server.ts";
import { emptyTables } from "#tests/database.ts";
import { type Lane, type LaneOptions, type LaneRunner, runLanes, wakeLanes } from "./lanes.ts";

/** The owner's table of these tests: a lane's rows, gone when done. */
const NEXT = `SELECT now() FROM "LaneTestRow" WHERE "lane" = $1 LIMIT 1`;

const runners: LaneRunner[] = [];
let errors: unknown[] = [];

beforeAll(async () => {
  await pool.query(`CREATE TABLE "LaneTestRow" ("id" BIGSERIAL PRIMARY KEY, "lane" TEXT NOT NULL)`);
});
afterAll(() => pool.query(`DROP TABLE "LaneTestRow"`));

beforeEach(async () => {
  await emptyTables();
  errors = [];
});

afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.stop()));
});

/** A runner that only looks when it is poked or drained, so that a test decides when. */
function run(turn: LaneOptions["turn"], changes: Partial<LaneOptions> = {}): LaneRunner {
  const runner = runLanes({
    pool,
    kind: "inbox",
    concurrency: 4,
    leaseSeconds: 5,
    idleMs: 60_000,
    nextReadyAt: NEXT,
    removeEmpty: false,
    turn,
    onError: (error) => errors.push(error),
    ...changes,
  });
  runners.push(runner);
  return runner;
}

async function add(...lanes: string[]): Promise<void> {
  await db.$transaction(async (tx) => {
    await wakeLanes(
      tx,
      lanes.map((id) => ({ id, shopId: "shp_1", kind: "inbox" })),
    );
    for (const lane of lanes) await tx.$executeRaw`INSERT INTO "LaneTestRow" ("lane") VALUES (${lane})`;
  });
}

async function take(lane: string, limit: number): Promise<number[]> {
  const { rows } = await pool.query<{ id: string }>(
    `DELETE FROM "LaneTestRow" WHERE "id" IN (SELECT "id" FROM "LaneTestRow" WHERE "lane" = $1 ORDER BY "id" LIMIT $2)
     RETURNING "id"`,
    [lane, limit],
  );
  return rows.map((row) => Number(row.id)).sort((a, b) => a - b);
}

async function laneRow(id: string) {
  return db.lane.findUnique({ where: { id } });
}

test("a lane's rows are done in their order, whatever is added meanwhile", async () => {
  const seen: number[] = [];
  const runner = run(async (lane) => {
    if (seen.length < 3) await add("one");
    seen.push(...(await take(lane.id, 2)));
    return undefined;
  });
  await add("one", "one");
  await runner.drain();
  expect(seen).toEqual([1, 2, 3, 4]);
});

test("a lane in which nothing waits is kept asleep, or removed where there are very many", async () => {
  const turn: LaneOptions["turn"] = async (lane) => void (await take(lane.id, 10));
  const keeping = run(turn);
  await add("kept");
  await keeping.drain();
  expect(await laneRow("kept")).toMatchObject({ readyAt: null, lockedBy: null, attempts: 0 });
  await keeping.stop();

  await add("removed");
  await run(turn, { removeEmpty: true }).drain();
  expect(await laneRow("removed")).toBeNull();
});

test("a turn that fails is told, its rows stay, and the lane rests longer each time while the others go on", async () => {
  let failures = 0;
  const done: string[] = [];
  const runner = run(async (lane) => {
    if (lane.id === "bad") throw new Error(`no ${++failures}`);
    done.push(...(await take(lane.id, 1)).map(String));
    return undefined;
  });
  await add("bad", "good");
  // It has failed before, so that the rests of 8 and 16 seconds outlast what is looked at meanwhile.
  await pool.query(`UPDATE "Lane" SET "attempts" = 3 WHERE "id" = 'bad'`);
  await runner.drain();
  expect(done).toEqual(["2"]);
  expect(errors).toEqual([new Error("no 1")]);
  expect(await laneRow("bad")).toMatchObject({ attempts: 4, lockedBy: null });

  await pool.query(`UPDATE "Lane" SET "readyAt" = now() - interval '1 second' WHERE "id" = 'bad'`);
  await runner.drain();
  const [rest] = (await pool.query(`SELECT extract(epoch FROM "readyAt" - now()) AS s FROM "Lane" WHERE "id" = 'bad'`))
    .rows;
  expect(Number(rest.s)).toBeGreaterThan(8);
  expect(failures).toBe(2);
});

test("new rows do not wake a lane that rests; it goes on by itself when the rest is over", async () => {
  const turns: number[] = [];
  const runner = run(
    async (lane) => {
      turns.push(Date.now());
      if (turns.length === 1) return { restSeconds: 3 };
      await take(lane.id, 10);
      return undefined;
    },
    { idleMs: 20 },
  );
  await add("one");
  await runner.drain();
  await add("one");
  await runner.drain();
  expect(turns).toHaveLength(1);
  await expect.poll(() => turns.length).toBe(2);
  expect((turns[1] ?? 0) - (turns[0] ?? 0)).toBeGreaterThanOrEqual(3000);
});

test("a killed worker's lane is free again when its lease has ended", async () => {
  await add("one");
  await pool.query(`UPDATE "Lane" SET "lockedBy" = 'dead', "lockedUntil" = now() + interval '3 seconds'`);
  const turns: Lane[] = [];
  const runner = run(
    async (lane) => {
      turns.push(lane);
      await take(lane.id, 10);
      return undefined;
    },
    { idleMs: 20 },
  );
  await runner.drain();
  expect(turns).toHaveLength(0);
  await expect.poll(() => turns.length).toBe(1);
});

test("a lease is renewed while the turn goes on, and a turn that lost it is told to end", async () => {
  const reasons: string[] = [];
  const leasedUntil = async () => Number((await laneRow("one"))?.lockedUntil);
  const runner = run(
    async (lane, signal) => {
      const first = await leasedUntil();
      await expect.poll(leasedUntil).toBeGreaterThan(first);
      reasons.push(signal.aborted ? "lost" : "held");
      await pool.query(
        `UPDATE "Lane" SET "lockedBy" = 'thief', "lockedUntil" = now() + interval '1 minute' WHERE "id" = $1`,
        [lane.id],
      );
      if (!signal.aborted) await once(signal, "abort");
      reasons.push(signal.aborted ? "lost" : "held");
      return undefined;
    },
    { leaseSeconds: 1 },
  );
  await add("one");
  await runner.drain();
  expect(reasons).toEqual(["held", "lost"]);
  expect(await laneRow("one")).toMatchObject({ lockedBy: "thief" });
});

test("a worker that is told to stop takes no more and finishes what it has", async () => {
  let ended = 0;
  const runner = run(
    async (lane, signal) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      await take(lane.id, 1);
      ended++;
      return undefined;
    },
    { concurrency: 1 },
  );
  await add("one", "two");
  runner.poke();
  await expect.poll(async () => (await laneRow("one"))?.lockedBy ?? (await laneRow("two"))?.lockedBy).toBeTruthy();
  await runner.stop();
  expect(ended).toBe(1);
  expect(await db.lane.count({ where: { lockedBy: { not: null } } })).toBe(0);
});

describe("several workers and writers at once", () => {
  test("do each row once and a lane's rows in order", async () => {
    const lanes = ["a", "b", "c", "d", "e"];
    const seen = new Map<string, number[]>(lanes.map((lane) => [lane, []]));
    const turn: LaneOptions["turn"] = async (lane) => {
      seen.get(lane.id)?.push(...(await take(lane.id, 3)));
      return undefined;
    };
    const workers = [1, 2, 3].map(() => run(turn, { idleMs: 5, removeEmpty: true }));
    await Promise.all(
      lanes.map(async (lane, place) => {
        for (let i = 0; i < 30; i++) await add(lane, lanes[(place + i) % lanes.length] ?? lane);
      }),
    );
    await expect.poll(() => [...seen.values()].flat().length).toBe(300);
    await Promise.all(workers.map((worker) => worker.drain()));
    for (const ids of seen.values()) expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(await db.lane.count()).toBe(0);
    expect(errors).toEqual([]);
  });
});
