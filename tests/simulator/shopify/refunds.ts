import { randomUUID } from "node:crypto";
import { Refusal } from "../http.ts";
import { currentQuantity, figuresOf, financialStatus, lineDiscount, linePrice } from "./order-figures.ts";
import { orderPayload } from "./order-payload.ts";
import { announce, touchOrder } from "./orders.ts";
import type { Platform } from "./platform.ts";
import { refundPayload } from "./refund-payload.ts";
import { type Order, type Refund, type Shop, type Transaction, takeId } from "./state.ts";

export interface RefundInput {
  /** Lines to give back, by line id or product id; nothing at all gives back everything that is left. */
  lines?: { lineId?: number; productId?: number; quantity?: number }[];
  /** Money given back in minor units of the shop's currency, without naming lines or instead of their worth. */
  amount?: number;
  /** A refund record does not prove that money went back: FAILURE keeps the order paid. Default SUCCESS. */
  transactionStatus?: Transaction["status"];
  note?: string;
  at?: string;
}

/** Refunds in full, by line or by amount: refunds/create, orders/updated. */
export function refundOrder(platform: Platform, shop: Shop, order: Order, input: RefundInput = {}): Refund {
  const status = financialStatus(order);
  if (status === "PENDING" || status === "REFUNDED" || status === "VOIDED") {
    throw new Refusal(409, `Order #${order.number} is ${status.toLowerCase()}: there is nothing to refund`);
  }
  const refund = addRefund(platform, order, input, touchOrder(platform, order, input.at));
  const eventId = randomUUID();
  platform.webhooks.send(shop, "refunds/create", refundPayload(shop, order, refund), eventId);
  platform.webhooks.send(shop, "orders/updated", orderPayload(shop, order), eventId);
  return refund;
}

function addRefund(platform: Platform, order: Order, input: RefundInput, at: string): Refund {
  const whole = input.lines === undefined && input.amount === undefined;
  const lines = whole
    ? remainingLines(platform, order)
    : (input.lines ?? []).map((l) => refundLine(platform, order, l));
  const figures = figuresOf(order);
  const shipping = whole ? figures.currentShipping : 0;
  const taxOnTop = order.taxesIncluded ? 0 : lines.reduce((total, line) => total + line.tax, 0);
  const worth = lines.reduce((total, line) => total + line.subtotal, 0) + taxOnTop + shipping;
  const left = figures.received - figures.refunded;
  const amount = input.amount ?? (whole ? left : Math.min(worth, left));
  if (amount > left || amount < 0) throw new Refusal(422, `Only ${left} minor units are left to refund`);
  const status = input.transactionStatus ?? "SUCCESS";
  const sale = order.transactions.find((t) => t.kind === "SALE" && t.status === "SUCCESS");
  const transaction: Transaction = {
    id: takeId(platform.state),
    kind: "REFUND",
    status,
    amount,
    createdAt: at,
    parentId: sale?.id ?? null,
  };
  order.transactions.push(transaction);
  const refund: Refund = {
    id: takeId(platform.state),
    createdAt: at,
    note: input.note ?? null,
    lines,
    shipping,
    discrepancy:
      status === "SUCCESS" && amount !== worth ? { id: takeId(platform.state), amount: amount - worth } : null,
    transactionId: transaction.id,
  };
  order.refunds.push(refund);
  return refund;
}

function remainingLines(platform: Platform, order: Order): Refund["lines"] {
  return order.lines
    .filter((line) => currentQuantity(order, line) > 0)
    .map((line) => refundLine(platform, order, { lineId: line.id, quantity: currentQuantity(order, line) }));
}

/** So many pieces of a line, with their share of its price and tax. */
export function refundLine(
  platform: Platform,
  order: Order,
  wanted: { lineId?: number; productId?: number; quantity?: number },
): Refund["lines"][number] {
  const line = order.lines.find((candidate) =>
    wanted.lineId === undefined ? candidate.productId === wanted.productId : candidate.id === wanted.lineId,
  );
  if (!line) throw new Refusal(422, `Order #${order.number} has no such line`);
  const quantity = wanted.quantity ?? currentQuantity(order, line);
  if (quantity < 1 || quantity > currentQuantity(order, line)) {
    throw new Refusal(422, `Only ${currentQuantity(order, line)} of "${line.title}" are left to refund`);
  }
  const earlier = order.refunds.flatMap((refund) => refund.lines).filter((part) => part.lineId === line.id);
  const isLast = quantity === currentQuantity(order, line);
  /** The last piece takes what rounding left over, so that the parts add up to the line. */
  const part = (whole: number, given: number[]) =>
    isLast ? whole - given.reduce((a, b) => a + b, 0) : Math.round((whole * quantity) / line.quantity);
  return {
    id: takeId(platform.state),
    lineId: line.id,
    quantity,
    subtotal: part(
      linePrice(line) - lineDiscount(line),
      earlier.map((refunded) => refunded.subtotal),
    ),
    tax: part(
      line.tax,
      earlier.map((refunded) => refunded.tax),
    ),
  };
}

export interface CancelInput {
  /** customer, declined, fraud, inventory, staff or other (default). */
  reason?: string;
  /** Give the money back too. Default false. */
  refund?: boolean;
  at?: string;
}

/** Cancels: refunds/create if asked for, orders/cancelled, orders/updated. An unpaid order becomes voided. */
export function cancelOrder(platform: Platform, shop: Shop, order: Order, input: CancelInput = {}): Order {
  if (order.cancelledAt) throw new Refusal(409, `Order #${order.number} is cancelled already`);
  const status = financialStatus(order);
  const refundable = status === "PAID" || status === "PARTIALLY_PAID" || status === "PARTIALLY_REFUNDED";
  const at = touchOrder(platform, order, input.at);
  const refund = input.refund && refundable ? addRefund(platform, order, {}, at) : null;
  order.cancelledAt = at;
  order.cancelReason = input.reason ?? "other";
  const eventId = randomUUID();
  if (refund) platform.webhooks.send(shop, "refunds/create", refundPayload(shop, order, refund), eventId);
  announce(platform, shop, order, ["orders/cancelled", "orders/updated"], eventId);
  return order;
}
