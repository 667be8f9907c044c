import { gid, type Order, type Refund, type Shop, type Transaction } from "../state.ts";
import { connection, type PageArguments, type View } from "./connection.ts";
import { lineView } from "./lines.ts";
import { moneyBag } from "./money-views.ts";

export function refundView(shop: Shop, order: Order, refund: Refund): View {
  const bag = (minor: number) => moneyBag(order, minor);
  const transactions = order.transactions.filter((candidate) => candidate.id === refund.transactionId);
  const paid = transactions.filter((t) => t.status === "SUCCESS").reduce((total, t) => total + t.amount, 0);
  return {
    __typename: "Refund",
    id: gid("Refund", refund.id),
    legacyResourceId: String(refund.id),
    createdAt: refund.createdAt,
    processedAt: refund.createdAt,
    updatedAt: refund.createdAt,
    note: refund.note,
    totalRefundedSet: bag(paid),
    refundLineItems: (page: PageArguments) =>
      connection(
        refund.lines,
        page,
        (part) => part.id,
        (part) => {
          const line = order.lines.find((candidate) => candidate.id === part.lineId);
          return {
            id: gid("RefundLineItem", part.id),
            quantity: part.quantity,
            restockType: "NO_RESTOCK",
            restocked: false,
            lineItem: line ? lineView(shop, order, line) : null,
            priceSet: bag(line?.unitPrice ?? 0),
            subtotalSet: bag(part.subtotal),
            totalTaxSet: bag(part.tax),
          };
        },
      ),
    refundShippingLines: (page: PageArguments) =>
      connection(
        refund.shipping > 0 ? [refund] : [],
        page,
        ({ id }) => id,
        ({ id, shipping }) => ({
          id: gid("RefundShippingLine", id),
          subtotalAmountSet: bag(shipping),
          taxAmountSet: bag(0),
        }),
      ),
    orderAdjustments: (page: PageArguments) =>
      connection(
        refund.discrepancy ? [refund.discrepancy] : [],
        page,
        ({ id }) => id,
        ({ id, amount }) => ({
          id: gid("OrderAdjustment", id),
          amountSet: bag(-amount),
          reason: "REFUND_DISCREPANCY",
          taxAmountSet: bag(0),
        }),
      ),
    transactions: (page: PageArguments) =>
      connection(
        transactions,
        page,
        ({ id }) => id,
        (transaction) => transactionView(order, transaction),
      ),
  };
}

export function transactionView(order: Order, transaction: Transaction): View {
  return {
    __typename: "OrderTransaction",
    id: gid("OrderTransaction", transaction.id),
    kind: transaction.kind,
    status: transaction.status,
    gateway: "bogus",
    formattedGateway: "Bogus",
    manualPaymentGateway: false,
    createdAt: transaction.createdAt,
    processedAt: transaction.createdAt,
    test: order.test,
    amountSet: moneyBag(order, transaction.amount),
    parentTransaction: null,
  };
}
