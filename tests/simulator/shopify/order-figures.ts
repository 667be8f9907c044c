import type { Order, OrderLine, Refund } from "./state.ts";

/** Every sum of an order, in minor units of the shop's currency. */
export interface OrderFigures {
  lineItems: number;
  discounts: number;
  subtotal: number;
  shipping: number;
  tax: number;
  total: number;
  currentSubtotal: number;
  currentDiscounts: number;
  currentShipping: number;
  currentTax: number;
  currentTotal: number;
  received: number;
  refunded: number;
  outstanding: number;
}

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

export const linePrice = (line: OrderLine): number => line.unitPrice * line.quantity;

export const lineDiscount = (line: OrderLine): number => sum(line.allocations.map((allocation) => allocation.amount));

/** What is left of a line's quantity after refunds. */
export function currentQuantity(order: Order, line: OrderLine): number {
  const refunded = order.refunds.flatMap((refund) => refund.lines).filter((part) => part.lineId === line.id);
  return line.quantity - sum(refunded.map((part) => part.quantity));
}

function succeeded(order: Order, kind: "SALE" | "REFUND"): number {
  return sum(order.transactions.filter((t) => t.kind === kind && t.status === "SUCCESS").map((t) => t.amount));
}

/**
 * Derives the totals from lines, refunds and transactions.
 * "current" figures follow returns, as Shopify's do: refunded lines and shipping leave them, and so does an amount that was
 * given back without naming a line (an order adjustment), which touches the total only.
 */
export function figuresOf(order: Order): OrderFigures {
  const lineItems = sum(order.lines.map(linePrice));
  const lineDiscounts = sum(order.lines.map(lineDiscount));
  const shippingPrice = order.shipping?.price ?? 0;
  const shippingDiscount = order.shipping?.discount ?? 0;
  const subtotal = lineItems - lineDiscounts;
  const tax = sum(order.lines.map((line) => line.tax));
  const taxOnTop = (amount: number) => (order.taxesIncluded ? 0 : amount);
  const total = subtotal + shippingPrice - shippingDiscount + taxOnTop(tax) + order.tip;

  const back = (pick: (refund: Refund) => number) => sum(order.refunds.map(pick));
  const backSubtotal = back((refund) => sum(refund.lines.map((line) => line.subtotal)));
  const backTax = back((refund) => sum(refund.lines.map((line) => line.tax)));
  const backShipping = back((refund) => refund.shipping);
  const backOther = back((refund) => refund.discrepancy?.amount ?? 0);
  const currentLineDiscounts = sum(
    order.lines.map((line) => Math.round((lineDiscount(line) * currentQuantity(order, line)) / line.quantity)),
  );
  const received = succeeded(order, "SALE");
  const refunded = succeeded(order, "REFUND");
  const currentTotal = total - backSubtotal - taxOnTop(backTax) - backShipping - backOther;
  return {
    lineItems,
    discounts: lineDiscounts + shippingDiscount,
    subtotal,
    shipping: shippingPrice,
    tax,
    total,
    currentSubtotal: subtotal - backSubtotal,
    currentDiscounts: currentLineDiscounts + shippingDiscount,
    currentShipping: shippingPrice - shippingDiscount - backShipping,
    currentTax: tax - backTax,
    currentTotal,
    received,
    refunded,
    outstanding: order.cancelledAt ? 0 : Math.max(0, currentTotal + refunded - received),
  };
}

type FinancialStatus = "PENDING" | "PARTIALLY_PAID" | "PAID" | "PARTIALLY_REFUNDED" | "REFUNDED" | "VOIDED";

export function financialStatus(order: Order): FinancialStatus {
  const { received, refunded, total, outstanding } = figuresOf(order);
  const isPaid = received > 0 || order.transactions.some((t) => t.kind === "SALE" && t.status === "SUCCESS");
  if (!isPaid) return order.cancelledAt ? "VOIDED" : "PENDING";
  if (refunded > 0) return refunded >= total ? "REFUNDED" : "PARTIALLY_REFUNDED";
  return outstanding > 0 ? "PARTIALLY_PAID" : "PAID";
}
