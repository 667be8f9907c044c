import type { OrderFacts } from "#app/domain/referrals/order-facts.ts";
import { numberOf } from "#app/lib/gid.ts";
import type { AdminClient } from "./client.ts";
import { EarlierOrdersDocument, type EarlierOrdersQuery } from "./operations.generated.ts";
import { wasPaid } from "./order.ts";

/**
 * Whether the buyer had a paid order before this one; test orders are none.
 *
 * Without the scope `read_all_orders` Shopify lists the orders of the last 60 days only, while `numberOfOrders` counts
 * them all (test orders it leaves out). Orders that are counted and not listed are older ones: earlier orders. The order
 * itself is none of them, listed or not: the search may not have it yet.
 * The first hundred answer it: whoever has more has orders that are counted and not listed.
 * @returns null when Shopify cannot tell, because the order has no customer
 */
export async function hadEarlierPaidOrder(
  admin: AdminClient,
  { gid, placedAt, buyer }: Pick<OrderFacts, "gid" | "placedAt" | "buyer">,
): Promise<boolean | null> {
  if (!buyer.gid) return null;
  const search = `customer_id:${numberOf(buyer.gid)}`;
  return foundEarlier(await admin.ask(EarlierOrdersDocument, { customerId: buyer.gid, search }), { gid, placedAt });
}

/** The same, from what Shopify answered. */
export function foundEarlier(
  { customer, orders }: EarlierOrdersQuery,
  order: Pick<OrderFacts, "gid" | "placedAt">,
): boolean {
  const listed = orders.nodes.filter(({ test }) => !test);
  const others = listed.filter(({ id }) => id !== order.gid);
  if (customer && Number(customer.numberOfOrders) > others.length + 1) return true;
  return listed.some((other) => isBefore(other, order) && wasPaid(other.displayFinancialStatus));
}

/** Shopify's times are whole seconds; of two orders of one second the one with the lower id came first. */
function isBefore(
  { id, processedAt }: EarlierOrdersQuery["orders"]["nodes"][number],
  { gid, placedAt }: Pick<OrderFacts, "gid" | "placedAt">,
): boolean {
  const apart = Date.parse(processedAt) - Date.parse(placedAt);
  return apart < 0 || (apart === 0 && BigInt(numberOf(id)) < BigInt(numberOf(gid)));
}
