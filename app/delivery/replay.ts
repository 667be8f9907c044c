import { inLane } from "./connections.ts";
import type { DeliveryDeps } from "./deps.ts";

export type RetryOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly because: "not_found" | "not_connected" | "already_there" };

/**
 * Sends one delivery of the log again, or at once where it waits for its next try. An event keeps its id: an ESP that has
 * it already (Klaviyo's `unique_id`) records nothing twice. Properties are the newest ones, whatever was sent before.
 * @returns `already_there` for a list that was joined: subscribing again might ask for a confirmation again
 */
export async function retryDelivery(
  deps: DeliveryDeps,
  { shopId, id }: { readonly shopId: string; readonly id: string },
): Promise<RetryOutcome> {
  const found = await deps.db.delivery.findUnique({
    where: { shopId_id: { shopId, id } },
    select: { connectionId: true },
  });
  if (!found) return { ok: false, because: "not_found" };
  const { connectionId } = found;
  return inLane(deps, shopId, connectionId, async (tx): Promise<RetryOutcome> => {
    // With the lane locked, as whoever records a turn: a list that was joined a moment ago is not joined again.
    const { personId, kind, state } = await tx.delivery.findUniqueOrThrow({ where: { shopId_id: { shopId, id } } });
    if (kind === "list" && state === "delivered") return { ok: false, because: "already_there" };
    const told = { shopId, id: connectionId, state: { in: ["connected", "paused"] } };
    if ((await tx.connection.count({ where: told })) === 0) return { ok: false, because: "not_connected" };
    await tx.$executeRaw`
      UPDATE "Delivery" SET "readyAt" = date_trunc('milliseconds', now())
       WHERE "shopId" = ${shopId} AND "connectionId" = ${connectionId} AND "personId" = ${personId}
         AND "state" = 'pending'`;
    await tx.$executeRaw`
      UPDATE "Delivery" SET "state" = 'pending', "reason" = NULL, "attempts" = 0, "doneAt" = NULL,
             "readyAt" = date_trunc('milliseconds', now())
       WHERE "shopId" = ${shopId} AND "id" = ${id} AND "state" <> 'pending'`;
    return { ok: true };
  });
}
