import { Refusal } from "../http.ts";
import { consentPayload, customerPayload } from "./customer-payload.ts";
import { atSecond } from "./dates.ts";
import type { Platform } from "./platform.ts";
import { type Address, type Customer, gid, type MarketingState, type Shop, takeId } from "./state.ts";

export interface CustomerInput {
  email?: string | null;
  phone?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  locale?: string;
  marketingState?: MarketingState;
  address?: Partial<Address>;
}

const sameEmail = (a: string | null, b: string | null | undefined) => !!a && !!b && a.toLowerCase() === b.toLowerCase();

/** The customer an order belongs to: by e-mail without case, else by phone. */
export function findCustomer(shop: Shop, by: { email?: string | null; phone?: string | null }): Customer | undefined {
  return (
    shop.customers.find((customer) => sameEmail(customer.email, by.email)) ??
    shop.customers.find((customer) => !!by.phone && customer.phone === by.phone)
  );
}

/** Creates the customer and sends `customers/create`. Throws a Refusal where the e-mail or phone is taken. */
export function createCustomer(platform: Platform, shop: Shop, input: CustomerInput, eventId?: string): Customer {
  if (!input.email && !input.phone) throw new Refusal(422, "A customer needs an e-mail or a phone");
  if (findCustomer(shop, { email: input.email }) || findCustomer(shop, { phone: input.phone })) {
    throw new Refusal(422, "Email or phone has already been taken");
  }
  const now = atSecond(platform.clock.now());
  const customer: Customer = {
    id: takeId(platform.state),
    email: input.email ?? null,
    phone: input.phone ?? null,
    firstName: input.firstName ?? null,
    lastName: input.lastName ?? null,
    locale: input.locale ?? shop.locale,
    marketingState: input.marketingState ?? "NOT_SUBSCRIBED",
    verifiedEmail: true,
    note: null,
    address: makeAddress(platform, shop, input.address, input.phone ?? null),
    createdAt: now,
    updatedAt: now,
  };
  shop.customers.push(customer);
  platform.webhooks.send(shop, "customers/create", customerPayload(shop, customer), eventId);
  return customer;
}

/** Changes what is given and sends `customers/update`, and `customers_email_marketing_consent/update` for a new consent. */
export function updateCustomer(platform: Platform, shop: Shop, customer: Customer, input: CustomerInput): Customer {
  const { address, ...fields } = input;
  const before = customer.marketingState;
  Object.assign(customer, Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)));
  if (address) customer.address = makeAddress(platform, shop, { ...customer.address, ...address }, customer.phone);
  customer.updatedAt = atSecond(platform.clock.now());
  platform.webhooks.send(shop, "customers/update", customerPayload(shop, customer));
  if (customer.marketingState !== before) {
    platform.webhooks.send(shop, "customers_email_marketing_consent/update", consentPayload(customer));
  }
  return customer;
}

/** Deletes a customer and sends `customers/delete`; as in Shopify, only one who never ordered can go. */
export function deleteCustomer(platform: Platform, shop: Shop, customer: Customer): void {
  if (shop.orders.some((order) => order.customerId === customer.id)) {
    throw new Refusal(422, "Customer can't be deleted because they have orders");
  }
  shop.customers = shop.customers.filter((candidate) => candidate !== customer);
  platform.webhooks.send(shop, "customers/delete", {
    id: customer.id,
    tax_exemptions: [],
    admin_graphql_api_id: gid("Customer", customer.id),
  });
}

/** Folds one customer into another, with their orders, and sends `customers/merge` and `customers/update` of the kept one. */
export function mergeCustomers(platform: Platform, shop: Shop, kept: Customer, gone: Customer): Customer {
  if (kept === gone) throw new Refusal(422, "A customer is not merged with themselves");
  shop.customers = shop.customers.filter((candidate) => candidate !== gone);
  for (const order of shop.orders) if (order.customerId === gone.id) order.customerId = kept.id;
  for (const code of Object.values(shop.codes)) {
    for (const use of code.uses) if (use.customerId === gone.id) use.customerId = kept.id;
  }
  kept.email ??= gone.email;
  kept.phone ??= gone.phone;
  kept.firstName ??= gone.firstName;
  kept.lastName ??= gone.lastName;
  kept.updatedAt = atSecond(platform.clock.now());
  platform.webhooks.send(shop, "customers/merge", {
    admin_graphql_api_customer_kept_id: gid("Customer", kept.id),
    admin_graphql_api_customer_deleted_id: gid("Customer", gone.id),
    admin_graphql_api_job_id: gid("Job", takeId(platform.state)),
    status: "completed",
    errors: [],
  });
  platform.webhooks.send(shop, "customers/update", customerPayload(shop, kept));
  return kept;
}

/** A plausible address of the shop's country where the caller gives none. */
export function makeAddress(
  platform: Platform,
  shop: Shop,
  given: Partial<Address> | undefined,
  phone: string | null,
): Address {
  const country = given?.countryCode ?? shop.country;
  return {
    id: takeId(platform.state),
    address1: "1 Main Street",
    address2: null,
    city: country === "US" ? "Springfield" : "Capital",
    province: country === "US" ? "Illinois" : null,
    provinceCode: country === "US" ? "IL" : null,
    country: new Intl.DisplayNames("en", { type: "region" }).of(country) ?? country,
    countryCode: country,
    zip: country === "US" ? "62701" : "1000",
    phone,
    ...given,
  };
}
