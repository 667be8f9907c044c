import type { Context } from "#app/domain/context.ts";
import { newId } from "#app/lib/ids.ts";

/** What somebody agreed to, or no longer does: the words they saw, where and how. */
export type Consent = {
  readonly channel: "email" | "sms";
  readonly state: "subscribed" | "unsubscribed";
  /** The words they agreed to; null where Shopify only tells the fact. */
  readonly text: string | null;
  /** The page or place, e.g. its address. */
  readonly place: string;
  /** Who told us: our own form, or Shopify. */
  readonly source: "claim_form" | "shopify";
};

/** Keeps a consent; the latest of a channel holds. The same said again is not kept twice. */
export async function recordConsent({ shop, tx, now }: Context, personId: string, consent: Consent): Promise<void> {
  const latest = await latestConsent({ shop, tx }, personId, consent.channel);
  if (latest?.state === consent.state && latest.source === consent.source && latest.text === consent.text) return;
  await tx.consentRecord.create({ data: { ...consent, shopId: shop.id, id: newId("cns", now), personId, at: now } });
}

async function latestConsent({ shop, tx }: Pick<Context, "shop" | "tx">, personId: string, channel: string) {
  return tx.consentRecord.findFirst({
    where: { shopId: shop.id, personId, channel },
    orderBy: [{ at: "desc" }, { id: "desc" }],
  });
}
