import type { OrderFacts } from "#app/domain/referrals/order-facts.ts";
import type { AdminClient } from "./client.ts";
import { EarlierOrdersDocument, type EarlierOrdersQuery } from "./operations.generated.ts";
import { wasPaid } from "./order.ts";

/**
 * Whether the buyer had a paid order before this one; test orders are none.
 *
 * Without the scope `read_all_orders` Shopify lists the orders of the last 60 days only, while `numberOfOrders` counts
 * them all (test orders it leaves out). Orders that are counted and not listed are older ones: earlier orders.
 * The first hundred answer it: whoever has more has orders that are counted and not listed.
 * @returns null when Shopify cannot tell, because the order has no customer
 */
export async function hadEarlierPaidOrder(
  admin: AdminClient,
  { gid, placedAt, buyer }: Pick<OrderFacts, "gid" | "placedAt" | "buyer">,
): Promise<boolean | null> {
  if (!buyer.gid) return null;
  const search = `customer_id:${buyer.gid.split("/").at(-1)}`;
  const { customer, orders } = await admin.ask(EarlierOrdersDocument, { customerId: buyer.gid, search });
  const listed = orders.nodes.filter(({ test }) => !test);
  if (customer && Number(customer.numberOfOrders) > listed.length) return true;
  return listed.some(
    (order) => order.id !== gid && isEarlier(order, placedAt) && wasPaid(order.displayFinancialStatus),
  );
}

function isEarlier({ processedAt }: EarlierOrdersQuery["orders"]["nodes"][number], placedAt: string): boolean {
  return new Date(processedAt) < new Date(placedAt);
}
