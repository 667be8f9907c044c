import { setTimeout as sleep } from "node:timers/promises";
import "#tests/environment.ts";
import { createTestDatabase, makeTemplate } from "#tests/database.ts";
import { prepareBuiltApp } from "#tests/flow/built-app.ts";
import { friend, joinAs, openShop, type Shop } from "#tests/flow/world.ts";
import { atMost, type Figure } from "./figure.ts";

/**
 * From a paid order to the call that tells Klaviyo of it, with nothing else to do: Shopify's webhook, its order read back
 * by the Admin API, the decision, the delivery. The built app, on PostgreSQL when TEST_DATABASE_URL is set (web and worker
 * apart), else embedded. The time of arrival is the stand-in's.
 */
const ORDERS = 60;
/** Every order by a new friend, and nothing under way any more when the next one comes. */
const PAUSE_MS = 400;
const METRIC = "Redeemed Passalong Referral Coupon";

export async function bench(): Promise<Figure[]> {
  await makeTemplate();
  const database = await createTestDatabase();
  Object.assign(process.env, database.env);
  const app = await prepareBuiltApp();
  try {
    await app.start();
    const shop = await openShop(app, { handle: "latency" });
    const { code } = await joinAs(app, shop);
    await sleep(3_000);
    const latencies: number[] = [];
    for (let number = -3; number < ORDERS; number++) {
      const buyer = friend(`Fern${number + 3}`);
      const placed = Date.now();
      await app.sim.client.placeOrder(shop.handle, { ...buyer, discountCode: code });
      const told = await arrival(shop, buyer.email);
      if (number >= 0) latencies.push(told - placed);
      await sleep(PAUSE_MS);
    }
    latencies.sort((a, b) => a - b);
    const where = process.env.TEST_DATABASE_URL ? "PostgreSQL" : "embedded";
    return [
      atMost(`paid order → ESP call, idle, ${where}: p50 of ${ORDERS}`, percentile(latencies, 0.5), 500, " ms"),
      atMost(`paid order → ESP call, idle, ${where}: p99 of ${ORDERS}`, percentile(latencies, 0.99), 2000, " ms"),
    ];
  } finally {
    await app.close();
    await database.drop();
  }
}

/** When the event of that friend arrived, in ms of the machine's clock. */
async function arrival({ klaviyo, account }: Shop, email: string): Promise<number> {
  for (let tries = 0; tries < 1_000; tries++) {
    const [event] = await klaviyo.events(account.id, { email, metric: METRIC });
    if (event) return Date.parse(event.receivedAt);
    await sleep(20);
  }
  throw new Error(`the order of ${email} never arrived`);
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? Number.POSITIVE_INFINITY;
}
