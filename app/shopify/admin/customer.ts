import type { Place } from "#app/domain/people/know-person.ts";
import type { ShopifyConsent } from "#app/domain/people/record-consent.ts";
import type { ShopifyCustomer } from "#app/domain/people/record-customer.ts";
import type { AdminClient } from "./client.ts";
import { CustomerDocument, type CustomerFactsFragment, type CustomerQuery } from "./operations.generated.ts";

type Customer = NonNullable<CustomerQuery["customer"]>;

/** A customer of the shop as they now are; null if that shop has none of that id. */
export async function readCustomer(admin: AdminClient, gid: string): Promise<ShopifyCustomer | null> {
  const { customer } = await admin.ask(CustomerDocument, { id: gid });
  if (!customer) return null;
  return { customer: buyerOf(customer), consent: consentOf(customer) };
}

/** A customer as any query reads them; `email` and `phone` of Customer are deprecated since 2026-10. */
export function buyerOf(customer: CustomerFactsFragment): ShopifyCustomer["customer"] {
  return {
    gid: customer.id,
    email: customer.defaultEmailAddress?.emailAddress ?? null,
    phone: customer.defaultPhoneNumber?.phoneNumber ?? null,
    firstName: customer.firstName,
    lastName: customer.lastName,
    locale: customer.locale,
    ...placeOf(customer),
  };
}

function placeOf({ defaultAddress }: CustomerFactsFragment): { place?: Place } {
  if (!defaultAddress) return {};
  const { city, province: region, country, zip } = defaultAddress;
  return { place: { city, region, country, zip } };
}

/**
 * https://shopify.dev/docs/api/admin-graphql/2026-10/enums/CustomerEmailAddressMarketingState
 * A decision whose time Shopify does not know was made when they became a customer: anything else may be newer.
 */
function consentOf({ defaultEmailAddress: address, createdAt }: Customer): ShopifyConsent | null {
  const at = new Date(address?.marketingUpdatedAt ?? createdAt);
  switch (address?.marketingState) {
    case "SUBSCRIBED":
      return { state: "subscribed", at };
    case "UNSUBSCRIBED":
      return { state: "unsubscribed", at };
    default:
      return null;
  }
}
