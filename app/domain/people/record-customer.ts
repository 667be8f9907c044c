import type { Context } from "#app/domain/context.ts";
import { knowCustomer } from "./know-customer.ts";
import { type Facts, findPerson } from "./know-person.ts";
import { recordShopifyConsent, type ShopifyConsent } from "./record-consent.ts";

/** A customer as Shopify has them. */
export type ShopifyCustomer = {
  readonly customer: Facts & { readonly gid: string };
  /** Null while they decided neither way: never asked, or not confirmed. */
  readonly consent: ShopifyConsent | null;
};

/** Keeps a person we know up to date with what Shopify says of them. Customers who have nothing to do with us are not stored. */
export async function recordCustomer(
  ctx: Context,
  { customer, consent }: ShopifyCustomer,
): Promise<"updated" | "unknown"> {
  if (!(await findPerson(ctx, customer))) return "unknown";
  await knowCustomer(ctx, customer);
  await recordShopifyConsent(ctx, customer.gid, consent);
  return "updated";
}
