import type pg from "pg";
import { afterEach, expect, test } from "vitest";
import { type Migration, migrate, readMigrations } from "#app/db/migrate.ts";
import { embedded, pool } from "#app/db.server.ts";

const first: Migration = {
  name: "20990101000000_first",
  sql: "CREATE TABLE m1 (id int); INSERT INTO m1 VALUES (1)",
  checksum: "a",
};
const broken: Migration = { name: "20990102000000_broken", sql: "CREATE TABLE m2 (id int); SELECT 1/0", checksum: "b" };

const rows = async (sql: string) => (await pool.query(sql)).rows;

afterEach(async () => {
  await pool.query("DROP TABLE IF EXISTS m1, m2");
  await pool.query("DELETE FROM _prisma_migrations WHERE migration_name LIKE '2099%'");
});

test("the folder's migrations are applied when the app starts, and not again", async () => {
  const migrations = readMigrations("prisma/migrations");
  expect(migrations.map(({ name }) => name)).toContain("20261121000000_first");
  expect(await migrate(pool, migrations)).toEqual([]);
});

test("a new one is applied once, also when several processes start together", async () => {
  const applied = await Promise.all(Array.from({ length: embedded ? 1 : 4 }, () => migrate(pool, [first])));
  expect(applied.flat()).toEqual([first.name]);
  expect(await migrate(pool, [first])).toEqual([]);
  expect(await rows("SELECT id FROM m1")).toEqual([{ id: 1 }]);
});

test("what fails leaves nothing behind but its reason, and stops the next start", async () => {
  await expect(migrate(pool, [first, broken])).rejects.toThrow(/20990102000000_broken failed.*division by zero/);
  expect(await rows("SELECT to_regclass('m2') AS m2")).toEqual([{ m2: null }]);
  expect(await rows("SELECT logs FROM _prisma_migrations WHERE checksum = 'b'")).toEqual([
    { logs: expect.stringContaining("division by zero") },
  ]);
  await expect(migrate(pool, [first, broken])).rejects.toThrow("prisma migrate resolve");
});

test("one that was changed after it was applied is noticed", async () => {
  await migrate(pool, [first]);
  await expect(migrate(pool, [{ ...first, checksum: "other" }])).rejects.toThrow("was changed after it was applied");
});

test("the lock is given back whatever happens", async () => {
  await migrate(pool, [broken]).catch((error: Error) => error);
  const locks = await rows(`SELECT count(*)::int AS n FROM pg_locks JOIN pg_database ON pg_database.oid = database
     WHERE locktype = 'advisory' AND datname = current_database()`);
  expect(locks).toEqual([{ n: 0 }]);
  const client: pg.PoolClient = await pool.connect();
  expect((await client.query("SELECT pg_try_advisory_lock(72707369) AS free")).rows).toEqual([{ free: true }]);
  await client.query("SELECT pg_advisory_unlock(72707369)");
  client.release();
});
