import { appUninstalled, scopesUpdated, shopUpdated } from "./app.ts";
import { complianceRequested } from "./compliance.ts";
import { consentChanged, customerChanged, customerDeleted, customersMerged } from "./customers.ts";
import { discountsDeleted } from "./discounts.ts";
import { orderChanged, orderNamed } from "./orders.ts";
import type { Topic } from "./topic.ts";

/** The topics of `/webhooks`, as shopify.app.toml subscribes to them (index.test.ts compares). */
export const shopTopics = {
  "app/scopes_update": scopesUpdated,
  "app/uninstalled": appUninstalled,
  "customers/create": customerChanged,
  "customers/delete": customerDeleted,
  "customers/merge": customersMerged,
  "customers/update": customerChanged,
  "customers_email_marketing_consent/update": consentChanged,
  "discounts/delete": discountsDeleted,
  "orders/cancelled": orderChanged,
  "orders/create": orderChanged,
  "orders/edited": orderNamed,
  "orders/paid": orderChanged,
  "orders/updated": orderChanged,
  "refunds/create": orderNamed,
  "shop/update": shopUpdated,
} as const satisfies Record<string, Topic>;

/** The topics of `/webhooks/compliance`, which every app must answer. */
export const complianceTopics = {
  "customers/data_request": complianceRequested,
  "customers/redact": complianceRequested,
  "shop/redact": complianceRequested,
} as const satisfies Record<string, Topic>;

const topics: ReadonlyMap<string, Topic> = new Map(Object.entries({ ...shopTopics, ...complianceTopics }));

/** @returns undefined for a topic that we did not subscribe to */
export function topicNamed(name: string): Topic | undefined {
  return topics.get(name);
}
