import { offsetOf } from "./dates.ts";
import sample from "./samples/app.uninstalled.json" with { type: "json" };
import { permanentDomain, type Shop } from "./state.ts";

/** A shop as `app/uninstalled` and `shop/update` carry it: Shopify's sample with what the simulator knows better. */
export function shopPayload(shop: Shop, now: Date) {
  return {
    ...sample,
    id: shop.id,
    name: shop.name,
    email: shop.email,
    customer_email: shop.email,
    domain: new URL(shop.primaryDomainUrl).hostname,
    myshopify_domain: permanentDomain(shop),
    currency: shop.currency,
    enabled_presentment_currencies: [shop.currency],
    country: shop.country,
    country_code: shop.country,
    country_name: new Intl.DisplayNames("en", { type: "region" }).of(shop.country) ?? shop.country,
    primary_locale: shop.locale,
    iana_timezone: shop.timezone,
    timezone: `(UTC offset ${offsetOf(now, shop.timezone)} minutes) ${shop.timezone}`,
    taxes_included: shop.taxesIncluded,
    plan_display_name: shop.plan,
    plan_name: shop.plan.toLowerCase(),
    created_at: shop.createdAt,
    updated_at: now.toISOString(),
  };
}
