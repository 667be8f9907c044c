import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { type Db, fromPrisma, type JobWithMetadata, PgBoss, type PrismaTransactionLike } from "pg-boss";

/** The only file that knows pg-boss: jobs for what must leave the process (Admin API calls) and for cron. */

/** How a job that threw is tried again: after `firstSeconds`, then twice as long each time, at most `atMostSeconds`. */
export type RetryPolicy = { readonly tries: number; readonly firstSeconds: number; readonly atMostSeconds: number };

export type Queue = {
  readonly retry: RetryPolicy;
  /** Runs by itself at these times (UTC); the payload is then empty. */
  readonly cron?: string;
  /**
   * @param isLastTry whether nobody will try again when this one throws
   * @returns what there is to say of it, for whoever runs it by hand
   */
  readonly run: (payload: unknown, isLastTry: boolean) => Promise<unknown>;
};

export type JobWorker = {
  /** Looks for work now, e.g. after a commit that enqueued something; what cron enqueues need not be looked for. */
  poke(): void;
  /** Takes no more jobs and waits for those that are under way. */
  stop(): Promise<void>;
  /** Resolves when no job is ready or running; those that wait for another try are not waited for. */
  drain(): Promise<void>;
};

/** How long a job may take; a killed worker's jobs are tried again after this. */
const EXPIRE_SECONDS = 120;
const STOP_MS = 8000;
const NO_JOB = "00000000-0000-0000-0000-000000000000";

let boss: PgBoss | undefined;
let names: ReadonlySet<string> = new Set();

/**
 * Opens the queues of this process; jobs can then be enqueued, and are worked on by whoever calls `startJobs`.
 * @param works whether this process also minds the queues (cron, expiry), as a worker does
 */
export async function openQueues(options: {
  readonly pool: pg.Pool;
  readonly queues: Readonly<Record<string, Queue>>;
  readonly works: boolean;
  readonly onError: (error: unknown) => void;
}): Promise<void> {
  if (boss) return;
  const { pool, queues, works, onError } = options;
  const opened = new PgBoss({ db: overPool(pool), supervise: works, schedule: works }).on("error", onError);
  await opened.start();
  for (const [name, { retry, cron }] of Object.entries(queues)) {
    await declare(opened, name, retry);
    if (works && cron) await opened.schedule(name, cron, {}, { tz: "UTC" });
  }
  boss = opened;
  names = new Set(Object.keys(queues));
}

/** Ends what `openQueues` began, and waits for the jobs under way. */
export async function closeQueues(): Promise<void> {
  await boss?.stop({ graceful: true, timeout: STOP_MS });
  boss = undefined;
}

/**
 * Enqueues a job in the transaction of the decision that wants it: it runs after the commit, or not at all.
 * @param payload ids only: it lies in the queue's table in clear and survives a person's erasure
 * @throws RangeError if there is no job of that name
 */
export async function enqueue(
  tx: PrismaTransactionLike,
  name: string,
  payload: Readonly<Record<string, string>>,
): Promise<void> {
  // pg-boss would look for an unknown queue on another connection, which the embedded database has not got.
  if (!names.has(name)) throw new RangeError(`there is no job called ${name}`);
  await opened().send(name, payload, { db: fromPrisma(tx) });
}

/**
 * Gives every job under way its next try now, if it has one. For a process that has the database to itself, at its start:
 * whoever worked on one is dead, and it need not wait until it expires.
 */
export async function freeJobs(pool: pg.Pool): Promise<void> {
  await pool.query(
    `UPDATE pgboss.job SET state = 'retry', start_after = now()
      WHERE name = ANY ($1) AND state = 'active' AND retry_count < retry_limit`,
    [[...names]],
  );
}

/** Works on the jobs of those queues. */
export async function startJobs(queues: Readonly<Record<string, Queue>>, pool: pg.Pool): Promise<JobWorker> {
  const boss = opened();
  const workers = new Map<string, string>();
  for (const [name, queue] of Object.entries(queues)) {
    const pace = queue.cron ? { pollingIntervalSeconds: 30 } : { pollingIntervalSeconds: 2, localConcurrency: 4 };
    const options = { includeMetadata: true, batchSize: 1, ...pace } as const;
    workers.set(name, await boss.work(name, options, (jobs: JobWithMetadata[]) => runAll(queue, jobs)));
  }
  const wake = (name: string) => boss.notifyWorker(workers.get(name) ?? "");
  const onDemand = Object.keys(queues).filter((name) => !queues[name]?.cron);
  return {
    poke: () => onDemand.forEach(wake),
    stop: async () => {
      await Promise.all(Object.keys(queues).map((name) => boss.offWork(name, { wait: true })));
    },
    drain: async () => {
      for (;;) {
        const busy = await busyQueues(pool, Object.keys(queues));
        if (busy.length === 0) return;
        busy.forEach(wake);
        await sleep(20);
      }
    },
  };
}

async function runAll({ run }: Queue, jobs: readonly JobWithMetadata[]): Promise<void> {
  for (const { data, retryCount, retryLimit } of jobs) await run(data, retryCount >= retryLimit);
}

async function declare(opened: PgBoss, name: string, { tries, firstSeconds, atMostSeconds }: RetryPolicy) {
  const options = {
    retryLimit: tries - 1,
    retryDelay: firstSeconds,
    retryBackoff: true,
    retryDelayMax: atMostSeconds,
    expireInSeconds: EXPIRE_SECONDS,
  };
  await opened.createQueue(name, options);
  await opened.updateQueue(name, options);
  // Asked about a queue, pg-boss remembers it; else the first `enqueue` would ask on a connection besides its transaction's.
  await opened.findJobs(name, { id: NO_JOB });
}

function opened(): PgBoss {
  if (!boss) throw new Error("the queues of this process are not open: call openQueues first");
  return boss;
}

async function busyQueues(pool: pg.Pool, names: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT DISTINCT name FROM pgboss.job
      WHERE name = ANY ($1) AND (state = 'active' OR (state IN ('created', 'retry') AND start_after <= now()))`,
    [names],
  );
  return rows.map(({ name }) => name);
}

/** Several statements in one text (pg-boss's own migrations) answer with a result each. */
function overPool(pool: pg.Pool): Db {
  return {
    executeSql: async (text, values) => {
      const result: pg.QueryResult | pg.QueryResult[] = await pool.query(text, values);
      return { rows: Array.isArray(result) ? result.flatMap(({ rows }) => rows) : result.rows };
    },
  };
}
