import { startAt } from "#app/clock.server.ts";
import { closeDatabase, db } from "#app/db.server.ts";
import { jobs } from "#app/jobs/index.ts";
import { closeQueues, type Queue } from "#app/queue/boss.ts";
import { openJobs } from "#app/worker.server.ts";

const queues: Readonly<Record<string, Queue>> = jobs;

/**
 * Runs one job in this process, outside the queue, and closes the database.
 * @param wanted.shop its handle, domain or id; undefined for all that the job is about
 * @param wanted.at the business time at which it starts; null for now
 * @param wanted.fields of its payload, by name
 * @returns what the job says of itself
 * @throws RangeError for a job or shop that there is not, ZodError for a payload that the job does not take
 */
export async function runJob(
  name: string,
  { shop, at, fields }: { shop: string | undefined; at: Date | null; fields: readonly (readonly [string, string])[] },
): Promise<string> {
  try {
    const queue = queues[name];
    if (!queue) throw new RangeError(`There is no job called "${name}". There are: ${Object.keys(queues).join(", ")}`);
    if (at) startAt(at);
    await openJobs(false);
    const payload = { ...Object.fromEntries(fields), ...(shop === undefined ? {} : { shopId: await shopIdOf(shop) }) };
    const said = await queue.run(payload, false);
    return typeof said === "string" ? said : `${name} is done`;
  } finally {
    await closeQueues();
    await closeDatabase();
  }
}

async function shopIdOf(shop: string): Promise<string> {
  const known = await db.shop.findFirst({
    where: { OR: [{ id: shop }, { domain: shop }, { domain: `${shop}.myshopify.com` }] },
  });
  if (!known) throw new RangeError(`There is no shop "${shop}"`);
  return known.id;
}
