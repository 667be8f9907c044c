import { randomUUID } from "node:crypto";
import type pg from "pg";
import { inTransaction } from "./transaction.ts";

/**
 * Ordered, leased lanes in PostgreSQL: the inbox and the deliveries run on them.
 *
 * A lane is one ordered queue: the webhooks of one order, the deliveries of one connection. Its rows live in the owner's
 * table; the Lane row says when it has work and who works on it. One worker at a time has a turn on a lane, so that its
 * rows keep their order; a turn is bounded, so that a long lane cannot starve the others; a lease ends by itself, so that
 * a killed worker loses nothing. All times are the database's own (real time), never business time.
 *
 * The rules that make it safe: who adds rows locks the lane first (`wakeLanes`), then inserts; who ends a
 * turn locks the lane first, then looks for more rows. So no row is added unseen between the look and the release.
 */

export type LaneKind = "inbox" | "delivery";

/** `rests`: how many turns in a row have ended in a rest. */
export type Lane = { readonly id: string; readonly shopId: string; readonly rests: number };

/** A lane may rest after a turn (a Retry-After, a back-off): new rows do not wake it before. */
export type Turn = { readonly restSeconds?: number };

/** A Prisma transaction or a pg client inside one. */
export type Transaction =
  | { $executeRawUnsafe(sql: string, ...values: unknown[]): PromiseLike<number> }
  | Pick<pg.ClientBase, "query">;

/** What waking does to a lane that is there: one that rests goes on resting. Whoever inserts into "Lane" says this. */
export const WAKE_EXISTING = `
  ON CONFLICT ("id") DO UPDATE
     SET "readyAt" = CASE WHEN lane."attempts" > 0 THEN coalesce(lane."readyAt", excluded."readyAt")
                          ELSE least(lane."readyAt", excluded."readyAt") END`;

const WAKE = `
  INSERT INTO "Lane" AS lane ("id", "shopId", "kind", "readyAt")
  SELECT id, shop, kind, date_trunc('milliseconds', now())
    FROM unnest($1::text[], $2::text[], $3::text[]) AS t(id, shop, kind)
   ORDER BY id ${WAKE_EXISTING}`;

/**
 * Locks the lanes until the transaction ends and lets them be claimed after it; makes those that do not exist.
 * Call it first in the transaction, once, with all of its lanes (they are locked in id order, so that two transactions
 * cannot wait for each other), and insert the rows afterwards.
 */
export async function wakeLanes(
  tx: Transaction,
  lanes: readonly { readonly id: string; readonly shopId: string; readonly kind: LaneKind }[],
): Promise<void> {
  const unique = [...new Map(lanes.map((lane) => [lane.id, lane])).values()];
  if (unique.length === 0) return;
  const values = [unique.map((lane) => lane.id), unique.map((lane) => lane.shopId), unique.map((lane) => lane.kind)];
  if ("query" in tx) await tx.query(WAKE, values);
  else await tx.$executeRawUnsafe(WAKE, ...values);
}

/**
 * Frees every lease. For a process that has the database to itself, at its start: whoever held one is dead, and what it had
 * under way need not wait until the lease ends.
 */
export async function freeLeases(pool: pg.Pool): Promise<void> {
  await pool.query(`/* across shops: leases */ DELETE FROM "Lane" WHERE "kind" = 'lease'`);
  await pool.query(
    `/* across shops: leases */
     UPDATE "Lane" SET "lockedUntil" = NULL, "lockedBy" = NULL WHERE "lockedBy" IS NOT NULL`,
  );
}

export type LaneOptions = {
  readonly pool: pg.Pool;
  readonly kind: LaneKind;
  /** Lanes that have their turn at the same time in this process. */
  readonly concurrency: number;
  /** A lease is renewed while the turn goes on; a killed worker's lanes are free again after this. */
  readonly leaseSeconds: number;
  /** How long to wait before looking again when nothing is ready. */
  readonly idleMs: number;
  /**
   * SQL of one value, `$1` the lane's id and `$2` its shop's: the time from which the lane's next row can be worked on, or
   * null or no row if nothing waits. Asked with the lane locked.
   */
  readonly nextReadyAt: string;
  /** Lanes of a kind that there are very many of (one per order) are removed when nothing waits in them. */
  readonly removeEmpty: boolean;
  /**
   * Works on some of the lane's rows in their order. When it throws, the lane rests, longer each time.
   * @param signal aborted when the worker stops or the lease was lost: finish the row at hand and return
   */
  readonly turn: (lane: Lane, signal: AbortSignal) => Promise<Turn | undefined>;
  readonly onError: (error: unknown, lane: Lane | null) => void;
};

export type LaneRunner = {
  /** Looks for work now, e.g. after a commit that woke a lane. */
  poke(): void;
  /** Takes no more lanes and waits for the turns that are under way. */
  stop(): Promise<void>;
  /** Works until no lane is ready now; lanes that rest or that another process has are not waited for. */
  drain(): Promise<void>;
};

type Claim = Lane & { readonly lockedBy: string };

/** Starts taking turns on the ready lanes of a kind, the one that has waited longest first. */
export function runLanes(options: LaneOptions): LaneRunner {
  const { pool, kind, concurrency, idleMs, onError } = options;
  const stopping = new AbortController();
  const active = new Set<Promise<void>>();
  let pokes = 0;
  let wakeUp = () => {};
  let drained: { since: number; resolve: () => void }[] = [];

  const poke = () => {
    pokes++;
    wakeUp();
  };

  /** Resolves at the next poke or end of a turn, or after `idleMs`; at once if one came since `seen`. */
  const rest = (seen: number) =>
    new Promise<void>((resolve) => {
      if (pokes !== seen) return resolve();
      const timer = setTimeout(resolve, idleMs);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      const seen = pokes;
      const free = concurrency - active.size;
      let claims: Claim[] = [];
      if (free > 0) {
        try {
          claims = await claim(pool, kind, free, options.leaseSeconds);
        } catch (error) {
          onError(error, null);
        }
      }
      for (const lane of claims) {
        const turn = takeTurn(options, lane, stopping.signal).finally(() => {
          active.delete(turn);
          poke();
        });
        active.add(turn);
      }
      if (claims.length === 0 && active.size === 0) {
        for (const waiting of drained) if (waiting.since <= seen) waiting.resolve();
        drained = drained.filter((waiting) => waiting.since > seen);
      }
      if (claims.length === 0 || active.size >= concurrency) await rest(seen);
    }
    await Promise.all(active);
    for (const waiting of drained) waiting.resolve();
  }

  const ended = loop();
  return {
    poke,
    stop: () => {
      stopping.abort();
      poke();
      return ended;
    },
    drain: () =>
      new Promise((resolve) => {
        drained.push({ since: pokes + 1, resolve });
        poke();
      }),
  };
}

async function claim(pool: pg.Pool, kind: LaneKind, limit: number, leaseSeconds: number): Promise<Claim[]> {
  const { rows } = await pool.query<Claim>(
    `UPDATE "Lane" SET "lockedUntil" = now() + make_interval(secs => $4), "lockedBy" = $3
      WHERE "id" IN (
        SELECT "id" FROM "Lane"
         WHERE "kind" = $1 AND "readyAt" <= now() AND ("lockedUntil" IS NULL OR "lockedUntil" < now())
         ORDER BY "readyAt" LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING "id", "shopId", "attempts" AS "rests", "lockedBy"`,
    [kind, limit, randomUUID(), leaseSeconds],
  );
  return rows;
}

/** One turn with its lease kept alive; never throws. */
async function takeTurn(options: LaneOptions, lane: Claim, stopping: AbortSignal): Promise<void> {
  const { pool, leaseSeconds, turn, onError } = options;
  const lost = new AbortController();
  const renewal = setInterval(() => {
    renew(pool, lane, leaseSeconds).then(
      (held) => held || lost.abort(),
      (error: unknown) => onError(error, lane),
    );
  }, leaseSeconds * 333);
  try {
    const { restSeconds } = (await attempt(turn, lane, AbortSignal.any([stopping, lost.signal]), onError)) ?? {};
    await release(options, lane, restSeconds ?? 0);
  } catch (error) {
    // The lease ends by itself, and the rows that the turn did not finish are there for the next one.
    onError(error, lane);
  } finally {
    clearInterval(renewal);
  }
}

async function attempt(turn: LaneOptions["turn"], lane: Claim, signal: AbortSignal, onError: LaneOptions["onError"]) {
  try {
    return await turn(lane, signal);
  } catch (error) {
    onError(error, lane);
    return { restSeconds: Math.min(2 ** lane.rests, 60) };
  }
}

async function renew(pool: pg.Pool, lane: Claim, leaseSeconds: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    `UPDATE "Lane" SET "lockedUntil" = now() + make_interval(secs => $3) WHERE "id" = $1 AND "lockedBy" = $2`,
    [lane.id, lane.lockedBy, leaseSeconds],
  );
  return rowCount === 1;
}

/** Ends a turn: locks the lane, looks for more rows, and says when it can be claimed again. */
async function release(options: LaneOptions, lane: Claim, restSeconds: number): Promise<void> {
  await inTransaction(options.pool, async (client) => {
    const mine = await client.query(`SELECT 1 FROM "Lane" WHERE "id" = $1 AND "lockedBy" = $2 FOR UPDATE`, [
      lane.id,
      lane.lockedBy,
    ]);
    if (mine.rowCount === 1) await hand(client, options, lane, restSeconds);
  });
}

async function hand(client: pg.ClientBase, options: LaneOptions, lane: Claim, restSeconds: number): Promise<void> {
  const next = await client.query<unknown[]>({
    text: `SELECT (${options.nextReadyAt})::timestamptz, $1::text, $2::text`,
    values: [lane.id, lane.shopId],
    rowMode: "array",
  });
  const readyAt = next.rows[0]?.[0] ?? null;
  if (readyAt === null && options.removeEmpty) {
    await client.query(`DELETE FROM "Lane" WHERE "id" = $1`, [lane.id]);
    return;
  }
  // A resting lane counts its rests in "attempts", and wakeLanes leaves it alone.
  await client.query(
    `UPDATE "Lane" SET "lockedUntil" = NULL, "lockedBy" = NULL,
            "attempts" = CASE WHEN $3::float8 = 0 THEN 0 ELSE "attempts" + 1 END,
            "readyAt" = date_trunc('milliseconds', CASE WHEN $2::timestamptz IS NULL THEN NULL
                                                        WHEN $3 > 0 THEN now() + make_interval(secs => $3)
                                                        ELSE greatest($2, now()) END)
      WHERE "id" = $1`,
    [lane.id, readyAt, readyAt === null ? 0 : restSeconds],
  );
}
