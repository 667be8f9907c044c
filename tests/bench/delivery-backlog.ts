import type pg from "pg";

/** A shop with a connection and so many events of 50 people waiting, written straight into the tables. */
export async function writeBacklog(
  pool: pg.Pool,
  shop: {
    readonly number: number;
    readonly connectionId: string;
    readonly credentials: string;
    readonly accountKey: string;
  },
  events: number,
): Promise<void> {
  const shopId = `shp_${shop.number}`;
  const run = (sql: string, ...values: unknown[]) => pool.query(sql, [shopId, ...values]);
  await run(
    `INSERT INTO "Shop" ("id", "domain", "scopes", "installedAt") VALUES ($1, $1 || '.myshopify.com', '{}', now())`,
  );
  await run(
    `INSERT INTO "Person" ("shopId", "id", "email", "createdAt")
     SELECT $1, 'per_' || n, 'p' || n || '@grove.shop', now() FROM generate_series(0, 49) n`,
  );
  await run(
    `INSERT INTO "OutboxEvent" ("shopId", "id", "personId", "kind", "entry", "payload", "properties", "occurredAt")
     SELECT $1, 'evt_' || n, 'per_' || n % 50, 'event', 'received-coupon.referrer',
            jsonb_build_object('Coupon Code', 'THANKS-' || n, 'Coupon Description', '10% off your next order',
                               'Date Received', '2026-11-05T05:35:55.144Z', 'Locale', 'en', 'Customer Role', 'referrer'),
            jsonb_build_object('Passalong Referral Shareable Link', 'https://juniper.shop/apps/passalong/OCEAN7QK',
                               'Passalong Number of Successful Referrals', n,
                               'Passalong Total Successful Referral Revenue', n * 90,
                               'Passalong Latest Successful Referral Date', '2026-11-05T05:35:55.144Z',
                               'Passalong Referral Code', 'OCEAN7QK'),
            now()
       FROM generate_series(1, $2::int) n`,
    events,
  );
  await run(
    `INSERT INTO "Connection"
       ("shopId", "id", "esp", "state", "credentials", "accountKey", "settings", "connectedAt", "updatedAt")
     VALUES ($1, $2, 'klaviyo', 'connected', $3, $4, '{}', now(), now())`,
    shop.connectionId,
    shop.credentials,
    shop.accountKey,
  );
  await run(
    `INSERT INTO "Delivery"
       ("shopId", "id", "connectionId", "personId", "outboxEventId", "kind", "state", "readyAt", "createdAt")
     SELECT $1, 'dlv_' || n, $2, 'per_' || n % 50, 'evt_' || n, 'event', 'pending', now(), now()
       FROM generate_series(1, $3::int) n`,
    shop.connectionId,
    events,
  );
  await run(
    `INSERT INTO "Lane" ("shopId", "id", "kind", "readyAt") VALUES ($1, $2, 'delivery', now())`,
    shop.connectionId,
  );
}
