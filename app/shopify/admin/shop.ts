import type { AdminClient } from "./client.ts";
import { InstallationDocument, ShopFactsDocument } from "./operations.generated.ts";

/** Who the shop is. */
export async function readShopFacts(admin: AdminClient) {
  const { shop } = await admin.ask(ShopFactsDocument, {});
  return {
    gid: shop.id,
    name: shop.name,
    email: shop.email,
    currency: shop.currencyCode,
    timezone: shop.ianaTimezone,
    taxesIncluded: shop.taxesIncluded,
    /** Scheme and port included, no trailing slash. */
    primaryDomainUrl: shop.primaryDomain.url.replace(/\/+$/, ""),
  };
}

/** The scopes that the merchant granted, as of now. */
export async function readScopes(admin: AdminClient): Promise<string[]> {
  const { currentAppInstallation } = await admin.ask(InstallationDocument, {});
  return currentAppInstallation.accessScopes.map(({ handle }) => handle).sort();
}
