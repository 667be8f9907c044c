import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lockDirectory } from "#app/db/dir-lock.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** `npm run job -- …` as a process of its own, on that database. */
function runJob(args: string[], env: Record<string, string> = database.env) {
  const options = { env: { ...process.env, DATABASE_URL: undefined, ...env }, timeout: 60_000 };
  return new Promise<{ code: number; said: string; complaint: string }>((resolve) => {
    execFile(process.execPath, ["app/entry.job.ts", ...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, said: stdout, complaint: stderr });
    });
  });
}

test("a job runs by hand, as of a moment, and says what became of it", async () => {
  const at = ["--at", "2026-12-01T00:00:00Z"];
  expect(await runJob(["rebuild-figures", ...at])).toMatchObject({ code: 0, said: "kept = told for every referrer\n" });
  expect(await runJob(["settle-due", ...at])).toMatchObject({ code: 0, said: "settle-due is done\n" });
});

test.each([
  ["a job that there is not", ["nothing"], "There are: check-discounts, disable-coupon"],
  ["a shop that there is not", ["settle-due", "--shop", "nowhere"], 'no shop "nowhere"'],
  ["no moment", ["settle-due", "--at", "soon"], '"soon" is no moment'],
  ["a payload that the job does not take", ["issue-coupon"], "couponId"],
])("%s is said in words, with how to call it", async (_case, args, complaint) => {
  const answer = await runJob(args);
  expect(answer).toMatchObject({ code: 1, said: "" });
  expect(answer.complaint).toContain(complaint);
  expect(answer.complaint).toContain("npm run job -- <name>");
});

test("an embedded database that is in use is left alone", async () => {
  const directory = mkdtempSync(path.join(tmpdir(), "passalong-job-"));
  const unlock = await lockDirectory(path.join(directory, "pglite"));
  const answer = await runJob(["settle-due"], { DATA_DIR: directory });
  await unlock();
  rmSync(directory, { recursive: true });
  expect(answer.code).toBe(1);
  expect(answer.complaint).toContain("in use by another process");
});
