import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { newId } from "#app/lib/ids.ts";
import { WAKE_EXISTING } from "#app/queue/lanes.ts";
import type { SignedWebhook } from "./verify-webhook.ts";
import { complianceTopics, topicNamed } from "./webhooks/index.ts";

/** All of them are answered 200: nothing would be better if Shopify sent the webhook again. */
export type Acceptance =
  | "accepted"
  /** The same shop, topic and webhook id came before. */
  | "duplicate"
  /** We do not know the shop, or it has uninstalled the app: there is no token to look anything up with. */
  | "unknown_shop";

export type Inbox = {
  /** @returns when the webhook is on disk */
  accept(webhook: SignedWebhook): Promise<Acceptance>;
};

/** How long the first webhook of a batch waits for others. */
const GATHER_MS = 4;
const BATCH = 400;

type Waiting = {
  readonly webhook: SignedWebhook;
  readonly resolve: (acceptance: Acceptance) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Stores webhooks in batches: those that arrive within a few milliseconds share one transaction, which is what makes
 * thousands a second possible. One batch is written at a time; while it is, the next one gathers.
 * @param onAccepted called after a batch was committed: there is work for the lanes
 */
export function openInbox(options: { pool: pg.Pool; now: () => Date; onAccepted: () => void }): Inbox {
  let gathered: Waiting[] = [];
  let writing = false;

  async function write(): Promise<void> {
    writing = true;
    await sleep(GATHER_MS);
    while (gathered.length > 0) {
      const batch = gathered.slice(0, BATCH);
      gathered = gathered.slice(BATCH);
      try {
        const webhooks = batch.map(({ webhook }) => webhook);
        const acceptances = await store(options.pool, options.now(), webhooks);
        for (const [i, { resolve }] of batch.entries()) resolve(acceptances[i] ?? "unknown_shop");
        options.onAccepted();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    writing = false;
  }

  return {
    accept: (webhook) =>
      new Promise((resolve, reject) => {
        gathered.push({ webhook, resolve, reject });
        if (!writing) void write();
      }),
  };
}

/**
 * One statement, so one round trip and one commit: finds the shops, wakes the lanes, and stores what was not stored
 * before. Lane and row become visible together; a turn that ends meanwhile either sees the row or is woken again.
 */
const STORE = `
  WITH given AS (
    SELECT t.*, convert_from(substring($11::bytea FROM start FOR length), 'UTF8') AS body
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::bool[],
                  $9::int[], $10::int[])
           WITH ORDINALITY AS t(id, domain, topic, webhook, lane, hash, triggered, compliance, start, length, n)
  ), known AS (
    SELECT given.*, shop."id" AS shop, 'inbox:' || shop."id" || ':' || given.lane AS lane_id
      FROM given JOIN "Shop" shop ON shop."domain" = given.domain
     WHERE shop."uninstalledAt" IS NULL OR given.compliance
  ), woken AS (
    INSERT INTO "Lane" AS lane ("id", "shopId", "kind", "readyAt")
    SELECT DISTINCT lane_id, shop, 'inbox', date_trunc('milliseconds', now()) FROM known ORDER BY lane_id
    ${WAKE_EXISTING}
  ), stored AS (
    INSERT INTO "WebhookInbox"
      ("shopId", "id", "topic", "webhookId", "laneId", "body", "bodyHash", "triggeredAt", "receivedAt")
    SELECT shop, id, topic, webhook, lane_id, body, hash, triggered, $12 FROM known ORDER BY n
    ON CONFLICT DO NOTHING RETURNING "id"
  )
  SELECT known.id, stored."id" IS NOT NULL AS stored FROM known LEFT JOIN stored ON stored."id" = known.id`;

async function store(pool: pg.Pool, now: Date, batch: readonly SignedWebhook[]): Promise<Acceptance[]> {
  const ids = batch.map(() => newId("whk", now));
  // All bodies in one binary value: as text[] each would be escaped, which costs more than signature and JSON together.
  const bodies = batch.map(({ text }) => Buffer.from(text));
  const lengths = bodies.map(({ byteLength }) => byteLength);
  const starts: number[] = [];
  let start = 1;
  for (const length of lengths) {
    starts.push(start);
    start += length;
  }
  const { rows } = await pool.query<{ id: string; stored: boolean }>(STORE, [
    ids,
    batch.map(({ shopDomain }) => shopDomain),
    batch.map(({ topic }) => topic),
    batch.map(({ webhookId }) => webhookId),
    batch.map((webhook) => laneOf(webhook) ?? webhook.topic),
    batch.map(({ bodyHash }) => bodyHash),
    batch.map(({ triggeredAt }) => triggeredAt),
    batch.map(({ topic }) => Object.hasOwn(complianceTopics, topic)),
    starts,
    lengths,
    Buffer.concat(bodies),
    now,
  ]);
  const stored = new Map(rows.map((row) => [row.id, row.stored]));
  return ids.map((id) => (stored.has(id) ? (stored.get(id) ? "accepted" : "duplicate") : "unknown_shop"));
}

/** A signed body that we cannot read waits in its topic's lane, where its failure becomes visible. */
function laneOf(webhook: SignedWebhook): string | null {
  try {
    return topicNamed(webhook.topic)?.lane(webhook) ?? null;
  } catch {
    return null;
  }
}
