import type { Buyer, OrderFacts } from "#app/domain/referrals/order-facts.ts";
import { parseMoney } from "#app/lib/money.ts";
import type { AdminClient } from "./client.ts";
import { buyerOf } from "./customer.ts";
import { OrderDocument, type OrderQuery, type ShopMoneyFragment } from "./operations.generated.ts";

type Order = NonNullable<OrderQuery["order"]>;
type Line = Order["lineItems"]["nodes"][number];
type Refund = Order["refunds"][number];
type Refunded = OrderFacts["refunds"][number];
/** Minor units of the shop's currency. */
type Minor = (amount: ShopMoneyFragment) => bigint;

/** An order of the shop as it now is; null if that shop has none of that id. */
export async function readOrder(admin: AdminClient, gid: string): Promise<OrderFacts | null> {
  const { order } = await admin.ask(OrderDocument, { id: gid });
  return order && factsOf(order);
}

/** Shopify's words in ours. All amounts are in the shop's currency (`shopMoney`), none is a total of Shopify's. */
export function factsOf(order: Order): OrderFacts {
  const minor: Minor = ({ shopMoney }) => parseMoney(shopMoney.amount, order.currencyCode).minor;
  return {
    gid: order.id,
    name: order.name,
    placedAt: order.processedAt,
    updatedAt: order.updatedAt,
    cancelledAt: order.cancelledAt,
    test: order.test,
    paid: wasPaid(order.displayFinancialStatus),
    sourceName: order.sourceName,
    currency: order.currencyCode,
    presentmentCurrency: order.presentmentCurrencyCode,
    taxesIncluded: order.taxesIncluded,
    buyer: buyerOfOrder(order),
    discountCodes: discountCodesOf(order, minor),
    attributes: Object.fromEntries(order.customAttributes.map(({ key, value }) => [key, value ?? ""])),
    lines: order.lineItems.nodes.map((line) => lineOf(line, order.refunds, minor)),
    refunds: refundsOf(order, minor),
    totalPrice: minor(order.totalPriceSet),
  };
}

/** Whether the money arrived in full, whatever of it went back since. */
export function wasPaid(status: Order["displayFinancialStatus"]): boolean {
  return status === "PAID" || status === "PARTIALLY_REFUNDED" || status === "REFUNDED";
}

function buyerOfOrder(order: Order): Buyer {
  const customer = order.customer && buyerOf(order.customer);
  return {
    gid: customer?.gid ?? null,
    email: order.email ?? customer?.email ?? null,
    phone: order.phone ?? customer?.phone ?? null,
    ...(customer ? { own: { email: customer.email, phone: customer.phone } } : {}),
    firstName: customer?.firstName ?? null,
    lastName: customer?.lastName ?? null,
    locale: order.customerLocale ?? customer?.locale ?? null,
    ...(customer?.place ? { place: customer.place } : {}),
  };
}

/** What each code took off the lines; a code that took off nothing there (free shipping) is kept with 0. */
function discountCodesOf(order: Order, minor: Minor): OrderFacts["discountCodes"] {
  const amounts = new Map(order.discountCodes.map((code) => [code.toUpperCase(), 0n]));
  for (const line of order.lineItems.nodes) {
    for (const { code, amount } of codeAllocations(line, minor)) amounts.set(code, (amounts.get(code) ?? 0n) + amount);
  }
  return [...amounts].map(([code, amount]) => ({ code, amount }));
}

/**
 * A line without the pieces that an edit of the order took out. They are missing from `currentQuantity`, as refunded
 * pieces are; those stay, because their refund takes them off.
 */
function lineOf(line: Line, refunds: readonly Refund[], minor: Minor): OrderFacts["lines"][number] {
  const refunded = refunds.flatMap(({ refundLineItems }) => refundLineItems.nodes).filter(isOf(line));
  const kept = Math.min(
    line.quantity,
    line.currentQuantity + refunded.reduce((total, part) => total + part.quantity, 0),
  );
  const ofKept = (amount: bigint) => (line.quantity > 0 ? (amount * BigInt(kept)) / BigInt(line.quantity) : 0n);
  const total = minor(line.originalTotalSet) - sum(line.discountAllocations, (part) => minor(part.allocatedAmountSet));
  return {
    gid: line.id,
    giftCard: line.isGiftCard,
    total: ofKept(total),
    tax: ofKept(sum(line.taxLines, (tax) => minor(tax.priceSet))),
  };
}

function isOf({ id }: Line): (part: Refund["refundLineItems"]["nodes"][number]) => boolean {
  return ({ lineItem }) => lineItem.id === id;
}

function codeAllocations(line: Line, minor: Minor): { code: string; amount: bigint }[] {
  return line.discountAllocations.flatMap(({ discountApplication, allocatedAmountSet }) =>
    "code" in discountApplication
      ? [{ code: discountApplication.code.toUpperCase(), amount: minor(allocatedAmountSet) }]
      : [],
  );
}

/**
 * What was taken back. An edit that takes pieces out of an order leaves a refund without money; the money that follows
 * it in a refund of its own pays for those pieces, and is not taken off a second time.
 */
function refundsOf(order: Order, minor: Minor): Refunded[] {
  let owed = 0n;
  return order.refunds.filter(moneyWentBack).map((refund) => {
    const { lines, goods, shipping, paidBack } = worthOf(refund, order.taxesIncluded, minor);
    if (paidBack === null) {
      owed += goods;
      return { lines, other: 0n };
    }
    const beyond = paidBack - goods - shipping;
    const settled = beyond > owed ? owed : beyond > 0n ? beyond : 0n;
    owed -= settled;
    return { lines, other: beyond - settled };
  });
}

/** A Refund alone proves nothing: its transactions do. An unpaid order's lines are taken back without one. */
function moneyWentBack({ transactions }: Refund): boolean {
  return transactions.nodes.length === 0 || transactions.nodes.some(isPaidBack);
}

function isPaidBack({ kind, status }: Refund["transactions"]["nodes"][number]): boolean {
  return kind === "REFUND" && status === "SUCCESS";
}

/** What a refund's lines and shipping come to with tax, and what was paid back; null where no money was to flow. */
function worthOf(refund: Refund, taxesIncluded: boolean, minor: Minor) {
  const lines = refund.refundLineItems.nodes.map((line) => ({
    lineGid: line.lineItem.id,
    total: minor(line.subtotalSet),
    tax: minor(line.totalTaxSet),
  }));
  const withTax = (total: bigint, tax: bigint) => (taxesIncluded ? total : total + tax);
  const shipping = sum(refund.refundShippingLines.nodes, ({ subtotalAmountSet, taxAmountSet }) =>
    withTax(minor(subtotalAmountSet), minor(taxAmountSet)),
  );
  const transactions = refund.transactions.nodes;
  return {
    lines,
    goods: sum(lines, ({ total, tax }) => withTax(total, tax)),
    shipping,
    paidBack:
      transactions.length === 0 ? null : sum(transactions.filter(isPaidBack), ({ amountSet }) => minor(amountSet)),
  };
}

function sum<Item>(items: readonly Item[], amount: (item: Item) => bigint): bigint {
  return items.reduce((total, item) => total + amount(item), 0n);
}
