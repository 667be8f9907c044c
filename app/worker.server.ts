import { admin } from "#app/admin.server.ts";
import { now } from "#app/clock.server.ts";
import { db, embedded, pool } from "#app/db.server.ts";
import { startDelivery } from "#app/delivery/worker.ts";
import { deliveryDeps } from "#app/delivery.server.ts";
import { onWebhooksStored } from "#app/inbox.server.ts";
import { jobs } from "#app/jobs/index.ts";
import { log } from "#app/log.server.ts";
import { freeJobs, openQueues, startJobs } from "#app/queue/boss.ts";
import { freeLeases } from "#app/queue/lanes.ts";
import { processInbox } from "#app/shopify/process-inbox.ts";
import { transact } from "#app/transact.server.ts";

export type Worker = {
  /** Finishes what is under way and takes no more. */
  stop(): Promise<void>;
  /** Resolves when inbox, jobs and deliveries have nothing to do now; what waits for another try is not waited for. */
  drain(): Promise<void>;
};

/**
 * Makes this process able to enqueue jobs; one that serves pages needs no more than that.
 * @param works whether it will also call `startWorker`
 */
export function openJobs(works: boolean): Promise<void> {
  const onError = (error: unknown) => log.error({ err: error }, "queue");
  return openQueues({ pool, queues: jobs, works, onError });
}

/** Starts everything that works behind the pages: inbox, jobs and cron, deliveries. */
export async function startWorker(): Promise<Worker> {
  await openJobs(true);
  if (embedded) await Promise.all([freeLeases(pool), freeJobs(pool)]);
  const runner = await startJobs(jobs, pool);
  const delivery = startDelivery(deliveryDeps);
  const inbox = processInbox({
    db,
    pool,
    transact,
    admin,
    now,
    afterTurn: () => {
      runner.poke();
      delivery.poke();
    },
    onError: (error, where) => log.error({ err: error, ...where }, "inbox"),
  });
  const forget = onWebhooksStored(inbox.poke);
  return {
    stop: async () => {
      forget();
      await inbox.stop();
      await Promise.all([delivery.stop(), runner.stop()]);
    },
    drain: async () => {
      await inbox.drain();
      await runner.drain();
      await delivery.drain();
    },
  };
}
