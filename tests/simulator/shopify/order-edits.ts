import { randomUUID } from "node:crypto";
import { Refusal } from "../http.ts";
import { inZone } from "./dates.ts";
import { orderPayload } from "./order-payload.ts";
import { type LineInput, linesOf, touchOrder } from "./orders.ts";
import type { Platform } from "./platform.ts";
import { taxOf } from "./pricing.ts";
import { refundLine } from "./refunds.ts";
import { type Order, type Shop, takeId } from "./state.ts";

export interface EditInput {
  /** Pieces to take out, by line id or product id; without a quantity all that are left. */
  remove?: { lineId?: number; productId?: number; quantity?: number }[];
  /** New lines; discount codes do not apply to them. */
  add?: LineInput[];
  at?: string;
}

/** Edits an order and sends orders/edited and orders/updated. What is added is owed, what is taken out is not paid back. */
export function editOrder(platform: Platform, shop: Shop, order: Order, input: EditInput): Order {
  if (order.cancelledAt) throw new Refusal(409, `Order #${order.number} is cancelled`);
  const removed = (input.remove ?? []).map((line) => refundLine(platform, order, line));
  const added = linesOf(platform, shop, input.add ?? []);
  if (removed.length + added.length === 0) throw new Refusal(422, "An edit removes or adds something");
  for (const line of added) line.tax = taxOf(shop, line);
  const at = touchOrder(platform, order, input.at);
  order.lines.push(...added);
  if (removed.length > 0) {
    const nothing = { note: null, shipping: 0, discrepancy: null, transactionId: null };
    order.refunds.push({ ...nothing, id: takeId(platform.state), createdAt: at, lines: removed });
  }
  const eventId = randomUUID();
  const body = {
    order_edit: {
      id: takeId(platform.state),
      app_id: null,
      created_at: inZone(at, shop.timezone),
      committed_at: inZone(at, shop.timezone),
      notify_customer: false,
      order_id: order.id,
      staff_note: "",
      user_id: null,
      line_items: {
        additions: added.map(({ id, quantity }) => ({ id, delta: quantity })),
        removals: removed.map(({ lineId, quantity }) => ({ id: lineId, delta: quantity })),
      },
      discounts: { line_item: { additions: [], removals: [] } },
      shipping_lines: { additions: [], removals: [] },
    },
  };
  platform.webhooks.send(shop, "orders/edited", body, eventId);
  platform.webhooks.send(shop, "orders/updated", orderPayload(shop, order), eventId);
  return order;
}
