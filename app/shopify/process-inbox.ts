import type { Shop, WebhookInbox } from "@prisma/client";
import type pg from "pg";
import type { Tx } from "#app/domain/context.ts";
import { type LaneRunner, runLanes, type Turn } from "#app/queue/lanes.ts";
import { AdminUnavailable, ReconnectNeeded } from "./admin/errors.ts";
import { RECONNECT_NEEDED } from "./failed-webhooks.ts";
import { topicNamed } from "./webhooks/index.ts";
import { ignored, type Outcome, type WebhookDeps } from "./webhooks/topic.ts";

export type InboxDeps = WebhookDeps & {
  readonly db: Pick<Tx, "webhookInbox">;
  readonly pool: pg.Pool;
  /** After each turn: jobs and deliveries may have been written. */
  readonly afterTurn: () => void;
  readonly onError: (error: unknown, where: { readonly laneId?: string; readonly webhookId?: string }) => void;
};

/** Tries of one webhook, over some four hours; then it ends visibly as `failed`. */
const TRIES = 12;
const LONGEST_REST_SECONDS = 3600;
/** Webhooks of one lane in a turn. */
const TURN = 20;

const NEXT_READY_AT = `
  SELECT now() WHERE EXISTS
    (SELECT FROM "WebhookInbox" WHERE "laneId" = $1 AND "shopId" = $2 AND "state" = 'pending')`;

/** Works on the stored webhooks: those of one order or customer in the order in which they arrived. */
export function processInbox(deps: InboxDeps): LaneRunner {
  return runLanes({
    pool: deps.pool,
    kind: "inbox",
    concurrency: 4,
    leaseSeconds: 60,
    idleMs: 500,
    nextReadyAt: NEXT_READY_AT,
    removeEmpty: true,
    turn: async ({ id: laneId, shopId }, signal) => {
      const turn = await takeTurn(deps, { laneId, shopId }, signal);
      deps.afterTurn();
      return turn;
    },
    onError: (error, lane) => deps.onError(error, lane ? { laneId: lane.id } : {}),
  });
}

async function takeTurn(
  deps: InboxDeps,
  lane: { readonly laneId: string; readonly shopId: string },
  signal: AbortSignal,
): Promise<Turn | undefined> {
  const rows = await deps.db.webhookInbox.findMany({
    where: { ...lane, state: "pending" },
    orderBy: { seq: "asc" },
    take: TURN,
    include: { shop: true },
  });
  for (const row of rows) {
    if (signal.aborted) return undefined;
    const restSeconds = await tryOne(deps, row);
    if (restSeconds !== null) return { restSeconds };
  }
  return undefined;
}

/** @returns how long the lane rests before this webhook is tried again; null when it is settled */
async function tryOne(deps: InboxDeps, row: WebhookInbox & { shop: Shop }): Promise<number | null> {
  const attempts = row.attempts + 1;
  try {
    const { state, reason } = await handle(deps, row);
    await settle(deps, row, { state, reason, attempts });
    return null;
  } catch (error) {
    deps.onError(error, { webhookId: row.id });
    const reason = reasonOf(error);
    if (attempts >= TRIES) {
      await settle(deps, row, { state: "failed", reason, attempts });
      return null;
    }
    await deps.db.webhookInbox.update({ where: keyOf(row), data: { attempts, reason } });
    return Math.min(3 ** row.attempts, LONGEST_REST_SECONDS);
  }
}

async function handle(
  deps: InboxDeps,
  { shop, topic, body, triggeredAt }: WebhookInbox & { shop: Shop },
): Promise<Outcome> {
  const handler = topicNamed(topic);
  if (!handler || body === null) return ignored("unknown_topic");
  return handler.handle(deps, { shop, text: body, body: JSON.parse(body), triggeredAt });
}

async function settle(
  { db, now }: InboxDeps,
  row: WebhookInbox,
  end: { state: Outcome["state"] | "failed"; reason: string; attempts: number },
): Promise<void> {
  await db.webhookInbox.update({ where: keyOf(row), data: { ...end, doneAt: now() } });
}

function keyOf({ shopId, id }: WebhookInbox) {
  return { shopId_id: { shopId, id } };
}

/** In words that may be shown: an unexpected error's message could hold anything. */
function reasonOf(error: unknown): string {
  if (error instanceof ReconnectNeeded) return RECONNECT_NEEDED;
  if (error instanceof AdminUnavailable) return `shopify_unavailable: ${error.status ?? "no answer"}`;
  return error instanceof Error ? error.name : "error";
}
