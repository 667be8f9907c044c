import type { Buyer } from "#app/domain/referrals/order-facts.ts";
import type { AdminClient } from "./client.ts";
import { CustomerDocument, type CustomerQuery } from "./operations.generated.ts";

type Customer = NonNullable<CustomerQuery["customer"]>;

/** A customer of the shop as they now are; null if that shop has none of that id. */
export async function readCustomer(
  admin: AdminClient,
  gid: string,
): Promise<{ customer: Buyer; updatedAt: string } | null> {
  const { customer } = await admin.ask(CustomerDocument, { id: gid });
  return customer && { customer: buyerOf(customer), updatedAt: customer.updatedAt };
}

/** `email` and `phone` of Customer are deprecated since 2026-10; these two took their place. */
export function buyerOf(customer: Omit<Customer, "updatedAt">): Buyer {
  return {
    gid: customer.id,
    email: customer.defaultEmailAddress?.emailAddress ?? null,
    phone: customer.defaultPhoneNumber?.phoneNumber ?? null,
    firstName: customer.firstName,
    lastName: customer.lastName,
    locale: customer.locale,
  };
}
