import { inZone } from "./dates.ts";
import { type Address, type Customer, gid, type Shop } from "./state.ts";

/** A customer as `customers/create` and `customers/update` carry it (2026-10: no tags, totals or consent). */
export function customerPayload(shop: Shop, customer: Customer) {
  return { ...customerFields(shop, customer), addresses: customer.address ? [defaultAddress(customer)] : [] };
}

/** The same customer inside an order, where it has no address list. */
export function customerFields(shop: Shop, customer: Customer) {
  return {
    id: customer.id,
    created_at: inZone(customer.createdAt, shop.timezone),
    updated_at: inZone(customer.updatedAt, shop.timezone),
    first_name: customer.firstName,
    last_name: customer.lastName,
    state: "disabled",
    note: customer.note,
    verified_email: customer.verifiedEmail,
    multipass_identifier: null,
    tax_exempt: false,
    email: customer.email,
    phone: customer.phone,
    currency: shop.currency,
    tax_exemptions: [] as string[],
    admin_graphql_api_id: gid("Customer", customer.id),
    ...(customer.address ? { default_address: defaultAddress(customer) } : {}),
  };
}

function defaultAddress(customer: Customer) {
  const address = customer.address;
  if (!address) return undefined;
  return {
    id: address.id,
    customer_id: customer.id,
    ...namedAddress(address, customer),
    country_name: address.country,
    default: true,
  };
}

/** The fields that every kind of address has. */
export function namedAddress(address: Address, person: { firstName: string | null; lastName: string | null }) {
  return {
    first_name: person.firstName,
    last_name: person.lastName,
    company: null,
    address1: address.address1,
    address2: address.address2,
    city: address.city,
    province: address.province,
    country: address.country,
    zip: address.zip,
    phone: address.phone,
    name: [person.firstName, person.lastName].filter(Boolean).join(" "),
    province_code: address.provinceCode,
    country_code: address.countryCode,
  };
}

/** `customers_email_marketing_consent/update`, which names its customer by number only. */
export function consentPayload(customer: Customer) {
  const decided = customer.marketingState !== "NOT_SUBSCRIBED";
  return {
    customer_id: customer.id,
    email_address: customer.email,
    email_marketing_consent: {
      state: customer.marketingState.toLowerCase(),
      opt_in_level: decided ? "single_opt_in" : null,
      consent_updated_at: decided ? customer.updatedAt : null,
    },
  };
}
