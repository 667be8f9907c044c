import { env } from "#app/env.server.ts";
import { stopOnSignals } from "./stop-on-signals.ts";

/** `npm run worker`: inbox, jobs and deliveries beside any number of web servers, on the same PostgreSQL. */
if (!env.DATABASE_URL) {
  process.stderr.write("A worker of its own needs DATABASE_URL: the embedded database has one process only.\n");
  process.exit(1);
}

// Only now, because it opens the database.
const { runtime } = await import("./runtime.server.ts");
const { log, startWorker, closeQueues, closeDatabase } = runtime;

const worker = await startWorker();
stopOnSignals(async () => {
  await worker.stop();
  await closeQueues();
  await closeDatabase();
}, log);
log.info("Passalong works");
