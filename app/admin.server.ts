import { db, keyring, pool } from "#app/db.server.ts";
import { env } from "#app/env.server.ts";
import { type Admin, createAdmin } from "#app/shopify/admin/client.ts";

/** The Admin API of any shop that installed us. */
export const admin: Admin = createAdmin({
  db,
  pool,
  keyring,
  apiKey: env.SHOPIFY_API_KEY,
  apiSecret: env.SHOPIFY_API_SECRET,
});
