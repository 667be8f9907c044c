import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";

/** Nobody gave the lease back in time. */
export class LeaseBusy extends Error {
  override readonly name = "LeaseBusy";
}

const POLL_MS = 40;

export type LeaseOptions = {
  /** What only one may do at a time, e.g. `refresh-token:shop.myshopify.com`. */
  readonly id: string;
  readonly shopId: string;
  /** After this the lease of a killed process is free again; the work has to end before. */
  readonly seconds: number;
};

/**
 * Does some work while no other process does it. The lease is a row of the table "Lane" (real time, kind `lease`) and not
 * a database lock: the work calls the network, and neither a transaction nor a connection may wait for that.
 * @throws LeaseBusy when somebody else kept it for longer than a lease lasts
 */
export async function withLease<T>(pool: pg.Pool, options: LeaseOptions, work: () => Promise<T>): Promise<T> {
  const holder = randomUUID();
  const giveUp = performance.now() + options.seconds * 1000 + 1000;
  while (!(await acquire(pool, options, holder))) {
    if (performance.now() > giveUp) throw new LeaseBusy(options.id);
    await sleep(POLL_MS);
  }
  return workAndRelease(pool, options, holder, work);
}

/** The same for work that need not be done twice: does nothing while somebody else is at it. */
export async function ifLeaseIsFree(pool: pg.Pool, options: LeaseOptions, work: () => Promise<void>): Promise<void> {
  const holder = randomUUID();
  if (await acquire(pool, options, holder)) await workAndRelease(pool, options, holder, work);
}

async function workAndRelease<T>(pool: pg.Pool, { id, shopId }: LeaseOptions, holder: string, work: () => Promise<T>) {
  try {
    return await work();
  } finally {
    await pool.query(`DELETE FROM "Lane" WHERE "id" = $1 AND "shopId" = $2 AND "lockedBy" = $3`, [id, shopId, holder]);
  }
}

async function acquire(pool: pg.Pool, { id, shopId, seconds }: LeaseOptions, holder: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `INSERT INTO "Lane" AS lease ("id", "shopId", "kind", "lockedUntil", "lockedBy")
     VALUES ($1, $2, 'lease', now() + make_interval(secs => $3), $4)
     ON CONFLICT ("id") DO UPDATE SET "lockedUntil" = excluded."lockedUntil", "lockedBy" = excluded."lockedBy"
       WHERE lease."lockedUntil" < now()`,
    [id, shopId, seconds, holder],
  );
  return rowCount === 1;
}
