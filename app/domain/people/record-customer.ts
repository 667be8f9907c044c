import type { Context } from "#app/domain/context.ts";
import { emitProperties } from "#app/domain/referrals/referrer.ts";
import { type Facts, findPerson, knowPerson } from "./know-person.ts";
import { recordShopifyConsent, type ShopifyConsent } from "./record-consent.ts";

/** A customer as Shopify has them. */
export type ShopifyCustomer = {
  readonly customer: Facts & { readonly gid: string };
  /** The customer's own, ISO 8601. */
  readonly updatedAt: string;
  /** Null while they decided neither way: never asked, or not confirmed. */
  readonly consent: ShopifyConsent | null;
};

/**
 * Keeps a person we know up to date with what Shopify says of them, and tells the ESPs a referrer's new name.
 * Customers who have nothing to do with us are not stored.
 */
export async function recordCustomer(ctx: Context, known: ShopifyCustomer): Promise<"updated" | "unknown"> {
  const { shop, tx } = ctx;
  const { customer, updatedAt, consent } = known;
  const before = await findPerson(ctx, customer);
  if (!before) return "unknown";
  const after = (await knowPerson(ctx, customer)) ?? before;
  await recordShopifyConsent(ctx, customer.gid, consent);
  if (after.firstName === before.firstName && after.lastName === before.lastName) return "updated";
  const referrers = await tx.referrer.findMany({ where: { shopId: shop.id, personId: after.id } });
  for (const referrer of referrers) await emitProperties(ctx, referrer, after, `${referrer.id}:customer:${updatedAt}`);
  return "updated";
}
