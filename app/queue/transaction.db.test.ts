import type pg from "pg";
import { describe, expect, test } from "vitest";
import { pool } from "#app/db.server.ts";
import { againAfterDeadlock, inTransaction } from "./transaction.ts";

const fail = (client: pg.ClientBase, code: string) =>
  client.query(`DO $$ BEGIN RAISE EXCEPTION 'given up' USING ERRCODE = '${code}'; END $$`);

describe("a transaction that fails", () => {
  /** @returns how often it was begun, and how it ended, where it fails so many times with that code */
  async function begin(code: string, failures: number) {
    let begun = 0;
    const ended = againAfterDeadlock(() =>
      inTransaction(pool, async (client) => {
        if (++begun <= failures) await fail(client, code);
      }),
    );
    const outcome = await ended.then(
      () => "done",
      (error: { code: string }) => error.code,
    );
    return { begun, outcome };
  }

  test.each([
    ["40P01", 1, { begun: 2, outcome: "done" }],
    ["40P01", 100, { begun: 5, outcome: "40P01" }],
    ["23503", 1, { begun: 1, outcome: "23503" }],
  ])("with %s, %i times, comes to %j", async (code, failures, outcome) => {
    expect(await begin(code, failures)).toEqual(outcome);
  });
});
