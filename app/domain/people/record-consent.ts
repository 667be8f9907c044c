import { z } from "zod";
import type { Context } from "#app/domain/context.ts";
import { newId } from "#app/lib/ids.ts";
import { findPerson } from "./know-person.ts";

/** What somebody agreed to, or no longer does: the words they saw, where and how. */
export const consent = z.object({
  channel: z.enum(["email", "sms"]),
  state: z.enum(["subscribed", "unsubscribed"]),
  /** The words they agreed to; null where Shopify only tells the fact. */
  text: z.string().nullable(),
  /** The page or place, e.g. its address. */
  place: z.string(),
  /** Who told us: our own form, where anybody can type an address; that form with the address proved; or Shopify. */
  source: z.enum(["claim_form", "proved_form", "shopify"]),
});
export type Consent = Readonly<z.output<typeof consent>>;

/** What a customer decided about marketing by e-mail, and when, as Shopify keeps it. */
export type ShopifyConsent = Pick<Consent, "state"> & { readonly at: Date };

/**
 * Keeps a consent; the latest of a channel holds, but a tick whose address nobody proved takes back no "no" (delivery's
 * load.ts reads it so). The same said again is not kept twice, nor what was said before
 * something that its source has told us already.
 * @param at when they said so
 */
export async function recordConsent(ctx: Context, personId: string, said: Consent, at = ctx.now): Promise<void> {
  const { shop, tx, now } = ctx;
  const { channel, source, state, text } = said;
  const latest = await latestConsent(ctx, { personId, channel });
  if (latest?.state === state && latest.source === source && latest.text === text) return;
  const told = await latestConsent(ctx, { personId, channel, source });
  if (told && (told.at > at || (told.at.getTime() === at.getTime() && told.state === state))) return;
  // The id is as new as our knowledge: of two decisions of one second the one that we heard of last holds.
  await tx.consentRecord.create({ data: { ...said, shopId: shop.id, id: newId("cns", now), personId, at } });
}

/** The same of a customer we know, with Shopify's own time: what they told us since goes on holding. */
export async function recordShopifyConsent(ctx: Context, gid: string, said: ShopifyConsent | null): Promise<void> {
  const person = said && (await findPerson(ctx, { gid, email: null }));
  if (!person) return;
  const { state, at } = said;
  const told = { channel: "email", state, text: null, place: ctx.shop.domain, source: "shopify" } as const;
  await recordConsent(ctx, person.id, told, at);
}

type Which = Pick<Consent, "channel"> & { readonly personId: string; readonly source?: string };

async function latestConsent({ shop, tx }: Context, which: Which) {
  return tx.consentRecord.findFirst({
    where: { shopId: shop.id, ...which },
    orderBy: [{ at: "desc" }, { id: "desc" }],
  });
}
