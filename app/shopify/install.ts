import type { Shop } from "@prisma/client";
import type { Tx } from "#app/domain/context.ts";
import { newId } from "#app/lib/ids.ts";
import { wakeLanes } from "#app/queue/lanes.ts";
import type { AdminClient } from "./admin/client.ts";
import { readShopFacts } from "./admin/shop.ts";
import { RECONNECT_NEEDED, retryFailedWebhooks } from "./failed-webhooks.ts";
import { deleteSessions } from "./sessions.ts";

/** Why connections rest while the app is not installed; their deliveries wait. */
const UNINSTALLED = "uninstalled";

export type Installation = { readonly domain: string; readonly scopes: readonly string[]; readonly at: Date };

/**
 * Records that a shop has installed the app: a new row, or its old one revived with everything it had. A shop that has
 * it installed already is given its scopes and another try for what failed without a token, so this may run as often as Shopify exchanges tokens (hourly).
 */
export async function recordInstall(tx: Tx, { domain, scopes, at }: Installation): Promise<Shop> {
  // The first page makes several requests at once, and each of them may be the first to come here.
  const row = { id: newId("shp", at), domain, scopes: [...scopes], installedAt: at };
  await tx.shop.createMany({ data: [row], skipDuplicates: true });
  const known = await tx.shop.findUniqueOrThrow({ where: { domain } });
  if (known.id === row.id) return known;
  // There is a token that works again.
  await retryFailedWebhooks(tx, known.id, RECONNECT_NEEDED);
  if (!known.uninstalledAt) {
    return tx.shop.update({ where: { domain }, data: { scopes: [...scopes] } });
  }
  await resumeConnections(tx, known.id, at);
  // What the merchant deleted meanwhile, nobody was told of.
  await tx.discount.updateMany({ where: { shopId: known.id }, data: { checkedAt: null } });
  return tx.shop.update({
    where: { domain },
    data: { scopes: [...scopes], installedAt: at, uninstalledAt: null, syncedAt: null },
  });
}

async function resumeConnections(tx: Tx, shopId: string, at: Date): Promise<void> {
  const where = { shopId, state: "paused", pausedReason: UNINSTALLED };
  const resting = await tx.connection.findMany({ where, select: { id: true } });
  await wakeLanes(
    tx,
    resting.map(({ id }) => ({ id, shopId, kind: "delivery" })),
  );
  await tx.connection.updateMany({ where, data: { state: "connected", pausedReason: null, updatedAt: at } });
}

/**
 * Records a visit: the app was installed when Shopify issued its session token, which is good for a minute more, whatever
 * happens. Tokens are dated in seconds, so no shop's row is written more often.
 * @param at when the token was issued, not when it was used
 * @returns null for a shop that we do not know
 */
export async function recordVisit(db: Pick<Tx, "shop">, domain: string, at: Date): Promise<Shop | null> {
  const known = await db.shop.findUnique({ where: { domain } });
  if (known?.seenAt && known.seenAt >= at) return known;
  // The row as it is after the update, which an uninstallation may have come before.
  const [seen = known] = await db.shop.updateManyAndReturn({
    where: { domain, ...notSeenSince(at) },
    data: { seenAt: at },
  });
  return seen;
}

/**
 * Records that a shop has uninstalled the app: its tokens are dead, its data stays until Shopify sends `shop/redact`.
 * @param triggeredAt when it did, if Shopify said so
 * @returns false when the app was certainly installed after that: then nothing is changed
 */
export async function recordUninstall(
  tx: Tx,
  shop: Pick<Shop, "id" | "domain">,
  { at, triggeredAt }: { readonly at: Date; readonly triggeredAt: Date | null },
): Promise<boolean> {
  const before = triggeredAt ? { installedAt: { lte: triggeredAt }, ...notSeenSince(triggeredAt) } : {};
  const { count } = await tx.shop.updateMany({ where: { id: shop.id, ...before }, data: { uninstalledAt: at } });
  if (count === 0) return false;
  await deleteSessions({ db: tx }, shop.domain);
  await tx.connection.updateMany({
    // One that waits for its ESP to be back goes on trying: it rests as well, and finds out anew how the ESP is.
    where: { shopId: shop.id, OR: [{ state: "connected" }, { state: "paused", pausedReason: "unavailable" }] },
    data: { state: "paused", pausedReason: UNINSTALLED, updatedAt: at },
  });
  return true;
}

function notSeenSince(moment: Date) {
  return { OR: [{ seenAt: null }, { seenAt: { lt: moment } }] };
}

/** Reads who the shop is from Shopify and keeps it. Calls the network: never inside a transaction. */
export async function syncShop(
  { db, admin, now }: { db: Pick<Tx, "shop">; admin: AdminClient; now: () => Date },
  shopId: string,
): Promise<Shop> {
  const facts = await readShopFacts(admin);
  return db.shop.update({ where: { id: shopId }, data: { ...facts, syncedAt: now() } });
}
