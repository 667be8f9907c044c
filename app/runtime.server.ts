import { closeDatabase, embedded, pool } from "#app/db.server.ts";
import { env } from "#app/env.server.ts";
import { log } from "#app/log.server.ts";
import { closeQueues } from "#app/queue/boss.ts";
import { openJobs, startWorker } from "#app/worker.server.ts";

export type Health = {
  readonly database: "up" | "down";
  /** Seconds that the oldest ready work has waited, by kind; null when nothing waits or nobody knows. */
  readonly waiting: { readonly inbox: number | null; readonly delivery: number | null };
};

const PATIENCE_MS = 1000;

/**
 * What starts and stops a process needs of the app. The web server takes it from the build (so that there is one copy of
 * the database, the inbox and the worker), the worker and the tests from the source.
 */
export const runtime = { env, log, embedded, openJobs, startWorker, closeQueues, closeDatabase, readHealth };

export type Runtime = typeof runtime;

async function readHealth(): Promise<Health> {
  const query = pool.query<{ kind: string; seconds: number }>(
    `/* across shops: health */
     SELECT "kind", extract(epoch FROM now() - min("readyAt"))::float8 AS seconds FROM "Lane"
      WHERE "kind" IN ('inbox', 'delivery') AND "readyAt" <= now() GROUP BY "kind"`,
  );
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("the database did not answer in time")), PATIENCE_MS).unref();
  });
  try {
    const { rows } = await Promise.race([query, late]);
    const waiting = (kind: string) => rows.find((row) => row.kind === kind)?.seconds ?? null;
    return { database: "up", waiting: { inbox: waiting("inbox"), delivery: waiting("delivery") } };
  } catch (error) {
    log.error({ err: error }, "health");
    return { database: "down", waiting: { inbox: null, delivery: null } };
  }
}
