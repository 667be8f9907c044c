import { afterAll, beforeAll, expect, test } from "vitest";
import { db, pool } from "#app/db.server.ts";
import { closeQueues, enqueue, freeJobs, type JobWorker, openQueues, type Queue, startJobs } from "./boss.ts";

const ran: unknown[] = [];
let failures = 0;
const retry = { tries: 3, firstSeconds: 0, atMostSeconds: 1 };
const queues = {
  note: { retry, run: async (payload) => void ran.push(payload) },
  stumble: {
    retry,
    run: async (_payload, isLastTry) => {
      failures++;
      if (!isLastTry) throw new Error("not yet");
    },
  },
} satisfies Record<string, Queue>;
let worker: JobWorker;

beforeAll(async () => {
  const errors: unknown[] = [];
  await openQueues({ pool, queues, works: true, onError: (error) => void errors.push(error) });
  worker = await startJobs(queues, pool);
});

afterAll(async () => {
  await worker.stop();
  await closeQueues();
});

test("a job runs after the decision that wanted it was committed", async () => {
  await db.$transaction((tx) => enqueue(tx, "note", { couponId: "cpn_1" }));
  await worker.drain();
  expect(ran).toEqual([{ couponId: "cpn_1" }]);
});

test("a decision that is taken back takes its job with it", async () => {
  ran.length = 0;
  const decision = db.$transaction(async (tx) => {
    await enqueue(tx, "note", { couponId: "cpn_2" });
    throw new Error("taken back");
  });
  await expect(decision).rejects.toThrow("taken back");
  await worker.drain();
  expect(ran).toEqual([]);
});

test("a job that throws is tried again and knows its last try", async () => {
  await db.$transaction((tx) => enqueue(tx, "stumble", {}));
  await expect.poll(() => worker.drain().then(() => failures)).toBe(3);
});

test("a job that a killed process left goes on at once, unless that was its last try", async () => {
  ran.length = 0;
  await db.$transaction(async (tx) => {
    await enqueue(tx, "note", { couponId: "cpn_3" });
    await enqueue(tx, "note", { couponId: "cpn_4" });
    await tx.$executeRaw`UPDATE pgboss.job SET state = 'active', started_on = now() WHERE state = 'created'`;
    await tx.$executeRaw`UPDATE pgboss.job SET retry_count = 2 WHERE data ->> 'couponId' = 'cpn_4'`;
  });
  await freeJobs(pool);
  worker.poke();
  await expect.poll(() => ran).toEqual([{ couponId: "cpn_3" }]);
  await pool.query("DELETE FROM pgboss.job WHERE state = 'active'");
});

test("an unknown job is a mistake, and takes the decision back", async () => {
  await expect(db.$transaction((tx) => enqueue(tx, "nothing", {}))).rejects.toThrow("nothing");
});
