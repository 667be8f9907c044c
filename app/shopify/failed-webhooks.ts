import type { Prisma } from "@prisma/client";
import { wakeLanes } from "#app/queue/lanes.ts";

/** The reason of a webhook that failed because the shop's token no longer works: a new one brings another try. */
export const RECONNECT_NEEDED = "reconnect_needed";

/** Webhooks that could not be worked on and whose bodies are still there. */
function failed(shopId: string): Prisma.WebhookInboxWhereInput {
  return { shopId, state: "failed", body: { not: null } };
}

/** How many of a shop's webhooks ended in `failed` and can be tried again. */
export function countFailedWebhooks(db: Pick<Prisma.TransactionClient, "webhookInbox">, shopId: string) {
  return db.webhookInbox.count({ where: failed(shopId) });
}

/**
 * Puts a shop's failed webhooks back into their lanes, with all their tries.
 * @param reason only those that failed for it
 * @returns how many
 */
export async function retryFailedWebhooks(
  tx: Prisma.TransactionClient,
  shopId: string,
  reason?: string,
): Promise<number> {
  const where = { ...failed(shopId), ...(reason === undefined ? {} : { reason }) };
  const rows = await tx.webhookInbox.findMany({ where, select: { laneId: true } });
  if (rows.length === 0) return 0;
  await wakeLanes(
    tx,
    rows.map(({ laneId }) => ({ id: laneId, shopId, kind: "inbox" })),
  );
  const { count } = await tx.webhookInbox.updateMany({
    where,
    data: { state: "pending", attempts: 0, doneAt: null },
  });
  return count;
}
