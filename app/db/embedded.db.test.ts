import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { lockDirectory } from "#app/db/dir-lock.ts";
import { readOrMakeKeyFile } from "#app/db/key-file.ts";
import { openEmbedded } from "#app/db/open.ts";
import { startUpkeep } from "#app/db/upkeep.ts";
import { keyringOf } from "#app/lib/sealed.ts";
import { makeEmbeddedTemplate } from "#tests/database.ts";

const root = mkdtempSync(path.join(os.tmpdir(), "passalong-embedded-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const rethrow = (error: unknown) => {
  throw error;
};

async function copyOfTemplate(name: string): Promise<string> {
  const directory = path.join(root, name);
  cpSync(await makeEmbeddedTemplate(), directory, { recursive: true });
  return directory;
}

/** Runs the writer until some transactions are acknowledged, then kills it in the middle. */
async function killWhileWriting(directory: string, from: number): Promise<number[]> {
  const script = path.resolve("tests/fixtures/write-until-killed.ts");
  const child: ChildProcess = spawn(process.execPath, [script, directory, String(from)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout?.on("data", (data) => (output += data));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const enough = 20 + Math.random() * 60;
  while (output.split("\n").length < enough && child.exitCode === null) await setTimeout(2);
  child.kill("SIGKILL");
  await ended;
  return output.split("\n").slice(0, -1).map(Number);
}

test("kill -9 loses nothing that was acknowledged and leaves no half transaction", async () => {
  const directory = await copyOfTemplate("killed");
  const first = await openEmbedded(directory, rethrow);
  await first.pool.query("CREATE TABLE kept (n int, half int, pad text, PRIMARY KEY (n, half))");
  await first.close();

  const acknowledged: number[] = [];
  for (let round = 1; round <= 3; round++) {
    acknowledged.push(...(await killWhileWriting(directory, round * 100_000)));
  }

  const { pool, close } = await openEmbedded(directory, rethrow);
  await pool.query("REINDEX TABLE kept");
  const { rows } = await pool.query<{ n: number; halves: number }>(
    "SELECT n, count(*)::int AS halves FROM kept GROUP BY n",
  );
  await close();
  const stored = new Set(rows.map(({ n }) => n));
  expect(acknowledged.length).toBeGreaterThan(3 * 19);
  expect(acknowledged.filter((n) => !stored.has(n))).toEqual([]);
  expect(rows.filter(({ halves }) => halves !== 2)).toEqual([]);
});

test("a second process is told that the database is in use", async () => {
  const directory = await copyOfTemplate("locked");
  const { close } = await openEmbedded(directory, rethrow);
  await expect(openEmbedded(path.join(root, ".", "locked"), rethrow)).rejects.toThrow(
    /in use by another process.*DATABASE_URL/,
  );
  await close();
  await (await lockDirectory(directory))();
});

test("upkeep takes dead rows out, and waits for transactions", async () => {
  const { pool, close } = await openEmbedded(await copyOfTemplate("upkeep"), rethrow);
  await pool.query("CREATE TABLE busy AS SELECT 1 AS n FROM generate_series(1, 1000)");
  await pool.query("UPDATE busy SET n = 2");
  const client = await pool.connect();
  await client.query("BEGIN");
  const errors: unknown[] = [];
  const stop = startUpkeep(pool, (error) => errors.push(error), 20);
  await setTimeout(60);
  await client.query("SELECT count(*) FROM busy");
  await client.query("COMMIT");
  client.release();
  await stop();
  const { rows } = await pool.query("SELECT reltuples::int AS rows, relpages FROM pg_class WHERE relname = 'busy'");
  expect(rows[0].rows).toBe(1000);
  expect(errors).toEqual([]);
  await close();
});

test("the key file is made once, for its owner only", () => {
  const file = path.join(root, "new", "key");
  const text = readOrMakeKeyFile(file);
  expect(keyringOf(text).sealing).toBe("local");
  expect(readOrMakeKeyFile(file)).toBe(text);
  expect(readFileSync(file, "utf8").trim()).toBe(text);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
