import { setImmediate, setTimeout } from "node:timers/promises";
import { Prisma } from "@prisma/client";
import { beforeEach, describe, expect, test } from "vitest";
import { db, pool } from "#app/db.server.ts";
import { emptyTables } from "#tests/database.ts";

// The same expectations on PGlite behind the bridge and on a PostgreSQL server: what differs here would differ in production.

const now = new Date("2026-11-21T12:00:00.123Z");
const shopId = "shp_1";
const shop = { id: shopId, domain: "one.myshopify.com", installedAt: now };
const person = (id: string) => ({ shopId, id, createdAt: now });

beforeEach(async () => {
  await emptyTables();
  await db.shop.create({ data: { ...shop, scopes: ["a", 'b,"c'] } });
});

describe("values", () => {
  test("come back as they went in", async () => {
    const terms = { text: "O'x é 🔑", list: [1.5, null, true] };
    await db.program.create({
      data: { shopId, id: "prg_1", kind: "referral", state: "live", version: 1, createdAt: now },
    });
    await db.programVersion.create({ data: { shopId, programId: "prg_1", version: 1, terms, createdAt: now } });
    await db.person.create({ data: person("per_1") });
    const revenue = 9_007_199_254_740_993n; // more than a double can hold
    await db.referrer.create({
      data: {
        shopId,
        id: "rfr_1",
        programId: "prg_1",
        personId: "per_1",
        code: "A",
        joinedAt: now,
        currency: "JPY",
        successfulRevenue: revenue,
      },
    });
    const found = await db.program.findFirstOrThrow({
      where: { shopId },
      include: { versions: true, referrers: true },
    });
    expect(found.versions[0]?.terms).toEqual(terms);
    expect(found.referrers[0]).toMatchObject({ successfulRevenue: revenue, joinedAt: now, latestSuccessAt: null });
    expect((await db.shop.findUniqueOrThrow({ where: { id: shopId } })).scopes).toEqual(["a", 'b,"c']);
    expect(await db.programVersion.count({ where: { shopId, terms: { path: ["text"], equals: terms.text } } })).toBe(1);
  });

  test("of time are UTC, written and read", async () => {
    const [row] = await db.$queryRaw<{ zone: string; same: boolean; seconds: number }[]>`
      SELECT current_setting('TimeZone') AS zone, "installedAt" = ${now}::timestamptz AS same,
        abs(extract(epoch FROM now() - ${new Date()}::timestamptz))::float8 AS seconds FROM "Shop"`;
    expect(row).toMatchObject({ zone: "UTC", same: true });
    expect(row?.seconds).toBeLessThan(2);
  });

  test("go in by the thousand", async () => {
    const people = Array.from({ length: 3000 }, (_, i) => person(`per_${i}`));
    expect(await db.person.createMany({ data: people })).toEqual({ count: 3000 });
    const ids = Array.from({ length: 2000 }, (_, i) => `more_${i}`);
    const inserted = await db.$executeRaw`
      INSERT INTO "Person" ("shopId", "id", "createdAt") SELECT ${shopId}, id, ${now} FROM unnest(${ids}::text[]) AS id`;
    expect(inserted).toBe(2000);
    expect(await db.person.createMany({ data: people, skipDuplicates: true })).toEqual({ count: 0 });
  });
});

describe("refusals", () => {
  test("carry Prisma's codes", async () => {
    await expect(db.shop.create({ data: shop })).rejects.toMatchObject({ code: "P2002" });
    await expect(db.person.create({ data: { ...person("x"), shopId: "nobody" } })).rejects.toMatchObject({
      code: "P2003",
    });
    await expect(db.person.findFirstOrThrow({ where: { shopId } })).rejects.toMatchObject({ code: "P2025" });
    await expect(pool.query("SELECT 1/0")).rejects.toMatchObject({ code: "22012" });
    expect(await db.shop.count()).toBe(1);
  });

  test("that come at the commit are not lost", async () => {
    await pool.query(
      "CREATE TABLE IF NOT EXISTS later (id int PRIMARY KEY, other int REFERENCES later DEFERRABLE INITIALLY DEFERRED)",
    );
    await expect(db.$transaction((tx) => tx.$executeRaw`INSERT INTO later VALUES (1, 99)`)).rejects.toThrow();
    expect((await pool.query("SELECT FROM later")).rowCount).toBe(0);
    await pool.query("DROP TABLE later");
  });
});

describe("transactions", () => {
  test("happen whole or not at all", async () => {
    const failing = db.$transaction(async (tx) => {
      await tx.person.create({ data: person("per_1") });
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect(await db.person.count({ where: { shopId } })).toBe(0);
  });

  test("that take too long are rolled back, and the next one works", async () => {
    const slow = db.$transaction(
      async (tx) => {
        await tx.person.create({ data: person("per_1") });
        await setTimeout(400);
        await tx.person.count({ where: { shopId } });
      },
      { timeout: 200 },
    );
    await expect(slow).rejects.toMatchObject({ code: "P2028" });
    expect(await db.$transaction((tx) => tx.person.count({ where: { shopId } }))).toBe(0);
  });

  test("at the same time all succeed", async () => {
    const people = Array.from({ length: 12 }, (_, i) => person(`per_${i}`));
    await Promise.all(
      people.map((data) =>
        db.$transaction(async (tx) => {
          await tx.$executeRaw`SELECT pg_advisory_xact_lock(1)`;
          await tx.person.create({ data });
          await setTimeout(5);
          await tx.person.update({ where: { shopId_id: { shopId, id: data.id } }, data: { locale: "en" } });
        }),
      ),
    );
    expect(await db.person.count({ where: { shopId, locale: "en" } })).toBe(12);
  });

  test("run at the isolation asked for", async () => {
    const level = await db.$transaction(
      (tx) => tx.$queryRaw`SELECT current_setting('transaction_isolation') AS level`,
      {
        isolationLevel: Prisma.TransactionIsolationLevel.Serializable,
      },
    );
    expect(level).toEqual([{ level: "serializable" }]);
  });

  test("that a vanished connection left open are rolled back", async () => {
    const client = await pool.connect();
    await client.query("BEGIN");
    await client.query(`INSERT INTO "Person" ("shopId", "id", "createdAt") VALUES ($1, 'per_1', now())`, [shopId]);
    client.release(true); // closes the connection
    expect(await db.person.count({ where: { shopId } })).toBe(0);
    await db.person.create({ data: person("per_1") });
  });
});

describe("connections", () => {
  test("have their own prepared statements", async () => {
    const [one, two] = await Promise.all([pool.connect(), pool.connect()]);
    try {
      for (let round = 0; round < 2; round++) {
        expect((await one.query({ name: "same", text: "SELECT $1::int AS a", values: [round] })).rows).toEqual([
          { a: round },
        ]);
        expect((await two.query({ name: "same", text: "SELECT $1::text AS b", values: ["x"] })).rows).toEqual([
          { b: "x" },
        ]);
      }
    } finally {
      one.release();
      two.release();
    }
  });

  test("hear what others notify", async () => {
    const [listener, other] = await Promise.all([pool.connect(), pool.connect()]);
    try {
      const heard = new Promise<string | undefined>((resolve) =>
        listener.once("notification", (n) => resolve(n.payload)),
      );
      await listener.query("LISTEN news");
      await other.query("SELECT pg_notify('news', 'hello')");
      expect(await heard).toBe("hello");
      await listener.query("UNLISTEN news");
    } finally {
      listener.release();
      other.release();
    }
  });

  test("may be many more than the pool has", async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => pool.query("SELECT $1::int AS i", [i])));
    expect(answers.map(({ rows }) => rows[0].i)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  test("take a message of megabytes", async () => {
    const { rows } = await pool.query("SELECT length($1::text) AS length, repeat('y', 3000000) AS text", [
      "x".repeat(3_000_000),
    ]);
    expect([rows[0].length, rows[0].text.length]).toEqual([3_000_000, 3_000_000]);
  });

  test("leave room for timers while they are busy", async () => {
    let busy = true;
    const load = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (busy) await pool.query("SELECT 1");
      }),
    );
    const started = performance.now();
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    await setTimeout(20);
    const took = performance.now() - started;
    busy = false;
    await load;
    expect(took).toBeLessThan(1000);
  });
});
