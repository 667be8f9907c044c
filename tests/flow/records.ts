import type pg from "pg";
import type { Shop } from "./world.ts";

/**
 * What was decided and told. Queues, locks and logs are left out: they hold how often something was tried;
 * so is the stock of coupons that nobody has.
 */
const TABLES = [
  "Person",
  "Referrer",
  "Referral",
  "ReferralTransition",
  "OrderFacts",
  "Discount",
  "Coupon",
  "Reward",
  "OutboxEvent",
  "Delivery",
] as const;

/** Rows by table, and profiles and events of Klaviyo: comparable between shops and between runs. */
export type Records = Readonly<Record<string, readonly unknown[]>>;

/** Everything that the app and Klaviyo know of a shop's referrals, without what differs each time. */
export async function recordsOf(pool: pg.Pool, shop: Shop): Promise<Records> {
  return { ...(await readTables(pool, shop)), ...(await readKlaviyo(shop)) };
}

async function readTables(pool: pg.Pool, shop: Shop): Promise<Records> {
  const tables: Record<string, unknown[]> = {};
  for (const table of TABLES) {
    const { rows } = await pool.query<{ row: unknown }>(
      `SELECT to_jsonb(it) - ARRAY['seq', 'attempts'] AS row FROM "${table}" it
         JOIN "Shop" ON "Shop"."id" = it."shopId" WHERE "Shop"."domain" = $1
          AND coalesce(to_jsonb(it) ->> 'state', '') NOT IN ('stocking', 'stock')`,
      [shop.domain],
    );
    tables[table] = comparable(
      shop,
      rows.map(({ row }) => row),
    );
  }
  return tables;
}

async function readKlaviyo(shop: Shop): Promise<Records> {
  const { klaviyo, account } = shop;
  const profiles = await klaviyo.profiles(account.id);
  const events = await klaviyo.events(account.id);
  return {
    profiles: comparable(
      shop,
      profiles.map(({ email, properties }) => ({ email, properties })),
    ),
    events: comparable(
      shop,
      events.map(({ metric, properties, profile }) => ({ metric, properties, email: profile.email })),
    ),
  };
}

/** Ids, codes, times and the numbers of people and orders differ; which of them are there does not. */
function comparable({ handle }: Shop, rows: readonly unknown[]): unknown[] {
  return rows
    .map((row) =>
      JSON.stringify(row)
        .replaceAll(`${handle}.myshopify.com`, "<shop>")
        .replace(/\b([a-z]{3})_[0-9a-z]{26}\b/g, "<$1>")
        .replace(/gid:\/\/shopify\/(\w+)\/\d+/g, "<$1>")
        .replace(/"Order ID":"\d+"/g, '"Order ID":"<id>"')
        .replace(/"#\d{4}"/g, '"<order>"')
        .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)/g, "<time>")
        .replace(/\bOCEAN[2-9A-Z]{5}\b/g, "<referrer's code>")
        .replace(/\b(FRIEND|THANKS)-[2-9A-Z]{10}\b/g, "<coupon>")
        .replace(/\b(fern|ocean)\d+\b/gi, "$1"),
    )
    .sort()
    .map((text): unknown => JSON.parse(text));
}
