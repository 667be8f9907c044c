import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, expect, test } from "vitest";
import { pool } from "#app/db.server.ts";
import { emptyTables } from "#tests/database.ts";
import { ifLeaseIsFree, LeaseBusy, withLease } from "./lease.ts";

const lease = { id: "refresh-token:juniper", shopId: "juniper", seconds: 30 };

beforeEach(emptyTables);

test("only one at a time does the work", async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await sleep(20);
    inside--;
  };
  await Promise.all(Array.from({ length: 5 }, () => withLease(pool, lease, work)));
  expect(most).toBe(1);
  expect((await pool.query('SELECT FROM "Lane"')).rowCount).toBe(0);
});

test("the lease is given back when the work throws", async () => {
  await expect(withLease(pool, lease, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await withLease(pool, lease, async () => "done")).toBe("done");
});

test("a killed process's lease ends by itself", async () => {
  await pool.query(`INSERT INTO "Lane" ("id", "shopId", "kind", "lockedUntil", "lockedBy")
    VALUES ('refresh-token:juniper', 'juniper', 'lease', now() + interval '0.3 seconds', 'killed')`);
  expect(await withLease(pool, lease, async () => "done")).toBe("done");
});

test("who waits longer than a lease may last gives up", async () => {
  await pool.query(`INSERT INTO "Lane" ("id", "shopId", "kind", "lockedUntil", "lockedBy")
    VALUES ('refresh-token:juniper', 'juniper', 'lease', now() + interval '1 hour', 'stuck')`);
  await expect(withLease(pool, { ...lease, seconds: 0.1 }, async () => "done")).rejects.toThrow(LeaseBusy);
});

test("work that somebody else is at is left to them", async () => {
  let done = 0;
  const othersCame = Promise.withResolvers<void>();
  const work = async () => {
    done++;
    await othersCame.promise;
  };
  const all = Array.from({ length: 5 }, () => ifLeaseIsFree(pool, lease, work));
  let left = 0;
  for (const one of all) void one.then(() => left++);
  await expect.poll(() => left).toBe(4);
  expect(done).toBe(1);
  othersCame.resolve();
  await Promise.all(all);
  await ifLeaseIsFree(pool, lease, work);
  expect(done).toBe(2);
});
