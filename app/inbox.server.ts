import { now } from "#app/clock.server.ts";
import { pool } from "#app/db.server.ts";
import { type Inbox, openInbox } from "#app/shopify/inbox.ts";

const listeners = new Set<() => void>();

/** Where the webhook routes put what they verified. */
export const inbox: Inbox = openInbox({
  pool,
  now,
  onAccepted: () => {
    for (const listener of listeners) listener();
  },
});

/** Tells a worker in the same process at once that webhooks were stored; others find them by looking. */
export function onWebhooksStored(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
