import type { ShopifyCustomer } from "#app/domain/people/record-customer.ts";
import type { Buyer, OrderFacts } from "#app/domain/referrals/order-facts.ts";

/** A customer as Shopify tells of them. */
export function buyer(name: string, changes: Partial<Buyer> = {}): Buyer {
  return {
    gid: `gid://shopify/Customer/${[...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 1_000_000}`,
    email: `${name.toLowerCase()}@grove.shop`,
    phone: null,
    firstName: name,
    lastName: "Grove",
    locale: "en",
    ...changes,
  };
}

/** The same as a customer whom Shopify was asked about. */
export function customer(name: string, changes: Partial<Buyer> = {}): ShopifyCustomer {
  const facts = buyer(name, changes);
  const gid = facts.gid ?? "gid://shopify/Customer/1";
  return { customer: { ...facts, gid }, consent: null };
}

/** A paid order of one line of 90.00 by a stranger; `cents` is the line's price. */
export function order(changes: Partial<OrderFacts> & { cents?: bigint } = {}): OrderFacts {
  const { cents = 9000n, ...rest } = changes;
  return {
    gid: "gid://shopify/Order/1001",
    name: "#1001",
    placedAt: "2026-11-05T10:00:00Z",
    updatedAt: "2026-11-05T10:00:00Z",
    cancelledAt: null,
    test: false,
    paid: true,
    sourceName: "web",
    currency: "USD",
    presentmentCurrency: "USD",
    taxesIncluded: false,
    buyer: buyer("Fern"),
    discountCodes: [],
    attributes: {},
    lines: [{ gid: "gid://shopify/LineItem/1", giftCard: false, total: cents, tax: 0n }],
    refunds: [],
    totalPrice: cents + 500n,
    ...rest,
  };
}

/** A refund of `cents` of that line. */
export function refund(cents: bigint): OrderFacts["refunds"][number] {
  return { lines: [{ lineGid: "gid://shopify/LineItem/1", total: cents, tax: 0n }], other: 0n };
}
