import type pg from "pg";
import { type Failures, parseFailures } from "./health.ts";
import { parseUsage, spend, type Usage } from "./pace.ts";

/**
 * An ESP account is sent to by one turn at a time, whichever worker or shop it is of, so that the pace is kept and a
 * Retry-After holds for all. A turn holds it as long as its lane is leased, so that a killed worker's is free again with
 * the lane. All times are the database's.
 */
export type Account = { readonly esp: string; readonly accountKey: string };

/** A held account: what it was sent lately, what failed in a row, and the database's time (ms). */
export type HeldAccount = Account & {
  readonly laneId: string;
  readonly usage: Usage;
  readonly failures: Failures;
  readonly clock: () => number;
};

/** Another turn has the account: look again soon. */
const BUSY_SECONDS = 0.2;

/** Takes the account for the turn of a lane, or says how long to wait for it. */
export async function takeAccount(
  pool: pg.Pool,
  { esp, accountKey }: Account,
  laneId: string,
): Promise<HeldAccount | { readonly waitSeconds: number }> {
  const { rows } = await pool.query<{ usage: unknown; failures: unknown; now: number }>(
    `INSERT INTO "EspAccount" AS account ("esp", "accountKey", "lockedBy") VALUES ($1, $2, $3)
     ON CONFLICT ("esp", "accountKey") DO UPDATE SET "lockedBy" = excluded."lockedBy"
      WHERE (account."blockedUntil" IS NULL OR account."blockedUntil" <= now())
        AND (account."lockedBy" IS NULL OR account."lockedBy" = excluded."lockedBy"
             OR NOT EXISTS (SELECT 1 FROM "Lane" WHERE "id" = account."lockedBy" AND "lockedUntil" > now()))
     RETURNING "usage", "failures", extract(epoch FROM clock_timestamp())::float8 * 1000 AS now`,
    [esp, accountKey, laneId],
  );
  const [row] = rows;
  if (!row) return { waitSeconds: (await blockedFor(pool, { esp, accountKey })) || BUSY_SECONDS };
  const taken = performance.now();
  const clock = () => row.now + performance.now() - taken;
  return {
    esp,
    accountKey,
    laneId,
    usage: parseUsage(row.usage),
    failures: parseFailures(row.failures),
    clock,
  };
}

/** Seconds until a Retry-After of this account has passed; 0 if there is none. */
export async function blockedFor(pool: pg.Pool, { esp, accountKey }: Account): Promise<number> {
  const { rows } = await pool.query<{ seconds: number | null }>(
    `SELECT greatest(0, extract(epoch FROM "blockedUntil" - clock_timestamp()))::float8 AS seconds
       FROM "EspAccount" WHERE "esp" = $1 AND "accountKey" = $2`,
    [esp, accountKey],
  );
  return rows[0]?.seconds ?? 0;
}

/** Notes a Retry-After, or the rest of a dead ESP, as soon as it is known: nobody calls the account before. */
export async function block(db: Pick<pg.ClientBase, "query">, { esp, accountKey }: Account, seconds: number) {
  // The column has milliseconds: one more, so that it is never rounded to an earlier one.
  await db.query(
    `INSERT INTO "EspAccount" AS account ("esp", "accountKey", "blockedUntil")
     VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))
     ON CONFLICT ("esp", "accountKey") DO UPDATE
        SET "blockedUntil" = greatest(account."blockedUntil", excluded."blockedUntil")`,
    [esp, accountKey, seconds + 0.001],
  );
}

/** Gives the account back with the calls that were made, which have all ended. */
export async function giveBack(
  db: Pick<pg.ClientBase, "query">,
  { esp, accountKey, laneId, usage, clock }: HeldAccount,
  calls: Readonly<Record<string, number>>,
  failures: Failures,
): Promise<void> {
  await db.query(
    `UPDATE "EspAccount" SET "lockedBy" = NULL, "usage" = $4, "failures" = $5
      WHERE "esp" = $1 AND "accountKey" = $2 AND "lockedBy" = $3`,
    [esp, accountKey, laneId, JSON.stringify(spend(usage, calls, Math.ceil(clock()))), JSON.stringify(failures)],
  );
}
