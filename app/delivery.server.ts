import { now } from "#app/clock.server.ts";
import { db, keyring, pool } from "#app/db.server.ts";
import type { DeliveryDeps } from "#app/delivery/deps.ts";
import { env } from "#app/env.server.ts";
import { log } from "#app/log.server.ts";

/** What delivery needs of this process. */
export const deliveryDeps: DeliveryDeps = {
  db,
  pool,
  now,
  log,
  keyring,
  baseUrls: { klaviyo: env.KLAVIYO_BASE_URL },
};
