import { formatOffset, offsetOf } from "../dates.ts";
import { formatMoney } from "../money.ts";
import type { Platform } from "../platform.ts";
import { gid, permanentDomain, type Shop } from "../state.ts";
import type { View } from "./connection.ts";

const PLUS = /plus|enterprise/i;

export function shopView(platform: Platform, shop: Shop): View {
  const offset = offsetOf(platform.clock.now(), shop.timezone);
  const primary = new URL(shop.primaryDomainUrl);
  const example = formatMoney(0, shop.currency, shop.locale).replace(/[\d.,٫]+/, "{{amount}}");
  return {
    __typename: "Shop",
    id: gid("Shop", shop.id),
    name: shop.name,
    email: shop.email,
    contactEmail: shop.email,
    shopOwnerName: "Ada Merchant",
    myshopifyDomain: permanentDomain(shop),
    url: primary.origin,
    primaryDomain: {
      id: gid("Domain", shop.id + 1),
      host: primary.host,
      url: primary.origin,
      sslEnabled: primary.protocol === "https:",
    },
    currencyCode: shop.currency,
    currencyFormats: { moneyFormat: example, moneyWithCurrencyFormat: `${example} ${shop.currency}` },
    enabledPresentmentCurrencies: [shop.currency],
    ianaTimezone: shop.timezone,
    timezoneAbbreviation: "",
    timezoneOffset: formatOffset(offset, ""),
    timezoneOffsetMinutes: offset,
    taxesIncluded: shop.taxesIncluded,
    plan: {
      publicDisplayName: shop.plan,
      displayName: shop.plan,
      partnerDevelopment: shop.plan === "Development",
      shopifyPlus: PLUS.test(shop.plan),
    },
    createdAt: shop.createdAt,
    updatedAt: shop.createdAt,
    orderNumberFormatPrefix: "#",
    orderNumberFormatSuffix: "",
    checkoutApiSupported: true,
    setupRequired: false,
    description: null,
  };
}

/** The locales that a buyer can choose; the simulator publishes the shop's own. */
export function shopLocaleViews(shop: Shop): View[] {
  const name = new Intl.DisplayNames("en", { type: "language" }).of(shop.locale) ?? shop.locale;
  return [{ locale: shop.locale, name, primary: true, published: true }];
}
