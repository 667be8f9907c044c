import type { Shop } from "@prisma/client";
import type { Context, Tx } from "#app/domain/context.ts";
import type { Admin } from "#app/shopify/admin/client.ts";

/** What handlers may use; each call of `transact` is one transaction, and the network is used between them. */
export type WebhookDeps = {
  readonly db: Pick<Tx, "session" | "shop"> & { $transaction<T>(decide: (tx: Tx) => Promise<T>): Promise<T> };
  readonly transact: <T>(shopId: string, decide: (ctx: Context) => Promise<T>) => Promise<T>;
  readonly admin: Admin;
  readonly now: () => Date;
};

/** A webhook from the inbox. The shop is the one that its header names, which nobody signed. */
export type ReceivedWebhook = {
  readonly shop: Pick<Shop, "id" | "domain" | "installedAt">;
  readonly text: string;
  readonly body: unknown;
  readonly triggeredAt: Date | null;
};

/** What became of it, for the inbox: `ignored` changed nothing. */
export type Outcome = { readonly state: "done" | "ignored"; readonly reason: string };

export type Topic = {
  /** What must be handled in order, one after the other; null: all of the topic. Throws on a body it cannot read. */
  readonly lane: (webhook: Pick<ReceivedWebhook, "body" | "text">) => string | null;
  /** Idempotent: a killed worker's webhook is handled again. When it throws, it is tried again later. */
  readonly handle: (deps: WebhookDeps, webhook: ReceivedWebhook) => Promise<Outcome>;
};

export function done(reason: string): Outcome {
  return { state: "done", reason };
}

export function ignored(reason: string): Outcome {
  return { state: "ignored", reason };
}
