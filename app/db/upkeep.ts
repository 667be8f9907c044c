import type pg from "pg";

const EVERY_MS = 5 * 60 * 1000;

/**
 * Does what a PostgreSQL server does by itself and PGlite never does: takes out dead rows, refreshes the planner's
 * statistics, and shortens the log that has to be replayed after a crash.
 * @returns stops it; an upkeep that is running is awaited
 */
export function startUpkeep(pool: pg.Pool, onError: (error: unknown) => void, everyMs = EVERY_MS): () => Promise<void> {
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() => upkeep(pool)).catch(onError);
  }, everyMs).unref();
  return () => {
    clearInterval(timer);
    return running;
  };
}

/** Each statement by itself: neither may stand in a transaction. */
async function upkeep(pool: pg.Pool) {
  await pool.query("VACUUM (ANALYZE)");
  await pool.query("CHECKPOINT");
}
