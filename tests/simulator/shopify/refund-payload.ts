import { inZone } from "./dates.ts";
import { lineFields, moneySet } from "./line-payload.ts";
import { toDecimal } from "./money.ts";
import { gid, type Order, type Refund, type Shop, type Transaction } from "./state.ts";

/** A refund as `refunds/create` carries it, and as it lies in an order's `refunds`. */
export function refundPayload(shop: Shop, order: Order, refund: Refund) {
  const at = inZone(refund.createdAt, shop.timezone);
  const transaction = order.transactions.find((candidate) => candidate.id === refund.transactionId);
  return {
    id: refund.id,
    order_id: order.id,
    created_at: at,
    note: refund.note ?? "",
    user_id: null,
    processed_at: at,
    duties: [] as never[],
    total_duties_set: moneySet(order, 0),
    return: null,
    refund_shipping_lines: refund.shipping > 0 ? [shippingLine(order, refund)] : [],
    restock: false,
    admin_graphql_api_id: gid("Refund", refund.id),
    order_adjustments: adjustments(order, refund),
    refund_line_items: refund.lines.flatMap((part) => refundLine(order, part)),
    transactions: transaction ? [transactionPayload(shop, order, transaction)] : [],
  };
}

/** Money beyond the named lines is a negative adjustment, money held back a positive one. */
function adjustments(order: Order, refund: Refund) {
  if (!refund.discrepancy) return [];
  const { id, amount } = refund.discrepancy;
  return [
    {
      id,
      order_id: order.id,
      refund_id: refund.id,
      amount: toDecimal(-amount, order.currency),
      amount_set: moneySet(order, -amount),
      kind: "refund_discrepancy",
      reason: "Refund discrepancy",
      tax_amount: toDecimal(0, order.currency),
      tax_amount_set: moneySet(order, 0),
    },
  ];
}

function refundLine(order: Order, part: Refund["lines"][number]) {
  const line = order.lines.find((candidate) => candidate.id === part.lineId);
  if (!line) return [];
  // Here, and only here, Shopify writes money as a JSON number.
  const number = (minor: number) => Number(toDecimal(minor, order.currency));
  return [
    {
      id: part.id,
      quantity: part.quantity,
      line_item_id: part.lineId,
      location_id: null,
      restock_type: "no_restock",
      subtotal: number(part.subtotal),
      total_tax: number(part.tax),
      subtotal_set: moneySet(order, part.subtotal),
      total_tax_set: moneySet(order, part.tax),
      line_item: lineFields(order, line),
    },
  ];
}

function shippingLine(order: Order, refund: Refund) {
  return {
    id: refund.id,
    shipping_line: { id: order.shipping?.id ?? null },
    subtotal_amount_set: moneySet(order, refund.shipping),
    tax_amount_set: moneySet(order, 0),
  };
}

function transactionPayload(shop: Shop, order: Order, transaction: Transaction) {
  const at = inZone(transaction.createdAt, shop.timezone);
  // A transaction is booked in the buyer's currency.
  const { amount, currency_code } = moneySet(order, transaction.amount).presentment_money;
  return {
    id: transaction.id,
    order_id: order.id,
    kind: transaction.kind.toLowerCase(),
    gateway: "bogus",
    status: transaction.status.toLowerCase(),
    message: null,
    created_at: at,
    test: order.test,
    authorization: null,
    location_id: null,
    user_id: null,
    parent_id: transaction.parentId,
    processed_at: at,
    device_id: null,
    error_code: null,
    source_name: "web",
    receipt: {},
    amount,
    currency: currency_code,
    payment_id: `#${order.number}.${order.transactions.indexOf(transaction) + 1}`,
    // Shopify's own sample says so: no currency, and `currency` instead of `currency_code`.
    total_unsettled_set: {
      presentment_money: { amount: "0.0", currency: "XXX" },
      shop_money: { amount: "0.0", currency: "XXX" },
    },
    manual_payment_gateway: false,
    amount_rounding: null,
    admin_graphql_api_id: gid("OrderTransaction", transaction.id),
  };
}
