import { isGranted } from "../admin-access.ts";
import { figuresOf, financialStatus } from "../order-figures.ts";
import type { Platform } from "../platform.ts";
import { type Customer, gid, type Order, type Shop } from "../state.ts";
import { connection, type PageArguments, type View } from "./connection.ts";
import { addressView, customerView, type ListArguments } from "./customers.ts";
import { applicationView, lineView, taxLineViews } from "./lines.ts";
import { moneyBag } from "./money-views.ts";
import { refundView, transactionView } from "./refunds.ts";
import { search, sortBy, timeOf } from "./search.ts";

const SIXTY_DAYS_MS = 60 * 24 * 3_600_000;

/** The orders that the app may see: without `read_all_orders` only those of the last 60 days. */
export function ordersOf(platform: Platform, shop: Shop): Order[] {
  if (isGranted(shop, "read_all_orders")) return shop.orders;
  const since = platform.clock.now().getTime() - SIXTY_DAYS_MS;
  return shop.orders.filter((order) => timeOf(order.createdAt) >= since);
}

const SORT_KEYS: Record<string, (order: Order) => number> = {
  ID: (order) => order.id,
  ORDER_NUMBER: (order) => order.number,
  CREATED_AT: (order) => timeOf(order.createdAt),
  PROCESSED_AT: (order) => timeOf(order.createdAt),
  UPDATED_AT: (order) => timeOf(order.updatedAt),
};

export function orderConnection(platform: Platform, shop: Shop, orders: Order[], args: ListArguments): View {
  const found = search(orders, args.query, {
    id: (order) => order.id,
    name: (order) => `#${order.number}`,
    email: (order) => order.email,
    customer_id: (order) => order.customerId,
    financial_status: (order) => financialStatus(order),
    discount_code: (order) => order.discounts[0]?.code ?? null,
    test: (order) => String(order.test),
    status: (order) => (order.cancelledAt ? "cancelled" : "open"),
    created_at: (order) => timeOf(order.createdAt),
    processed_at: (order) => timeOf(order.createdAt),
    updated_at: (order) => timeOf(order.updatedAt),
  });
  const key = SORT_KEYS[args.sortKey ?? "PROCESSED_AT"];
  if (!key) throw new Error(`The simulated Shopify does not sort orders by ${args.sortKey}`);
  return connection(
    sortBy(found, key, args.reverse === true),
    args,
    (order) => order.id,
    (order) => orderView(platform, shop, order),
  );
}

/** A customer whose `orders` can be followed. */
export function buyerView(platform: Platform, shop: Shop, customer: Customer): View {
  const own = () => ordersOf(platform, shop).filter((order) => order.customerId === customer.id);
  return customerView(shop, customer, (args) => orderConnection(platform, shop, own(), args));
}

export function orderView(platform: Platform, shop: Shop, order: Order): View {
  const figures = figuresOf(order);
  const bag = (minor: number) => moneyBag(order, minor);
  const customer = shop.customers.find((candidate) => candidate.id === order.customerId);
  const address = order.address && addressView(order.address, order);
  return {
    __typename: "Order",
    id: gid("Order", order.id),
    legacyResourceId: String(order.id),
    name: `#${order.number}`,
    number: order.number,
    createdAt: order.createdAt,
    processedAt: order.createdAt,
    updatedAt: order.updatedAt,
    cancelledAt: order.cancelledAt,
    cancelReason: order.cancelReason?.toUpperCase() ?? null,
    closed: false,
    closedAt: null,
    confirmed: true,
    test: order.test,
    edited: false,
    displayFinancialStatus: financialStatus(order),
    displayFulfillmentStatus: "UNFULFILLED",
    fullyPaid: figures.received >= figures.total,
    unpaid: figures.received === 0,
    sourceName: order.sourceName,
    app: order.sourceName === "web" ? { id: gid("App", 580111), name: "Online Store" } : null,
    email: order.email,
    phone: order.phone,
    note: null,
    tags: [],
    customer: customer ? buyerView(platform, shop, customer) : null,
    customerLocale: order.locale,
    customerAcceptsMarketing: customer?.marketingState === "SUBSCRIBED",
    customAttributes: order.attributes.map(({ name, value }) => ({ key: name, value })),
    billingAddress: address,
    shippingAddress: address,
    cartToken: order.cartToken,
    checkoutToken: order.token,
    clientIp: order.browserIp,
    currencyCode: order.currency,
    presentmentCurrencyCode: order.presentmentCurrency,
    paymentGatewayNames: order.transactions.length > 0 ? ["bogus"] : [],
    discountCode: order.discounts[0]?.code ?? null,
    discountCodes: order.discounts.map((discount) => discount.code),
    discountApplications: (page: PageArguments) =>
      connection(
        order.discounts,
        page,
        (discount) => order.discounts.indexOf(discount),
        (discount) => applicationView(order, discount),
      ),
    taxesIncluded: order.taxesIncluded,
    taxLines: taxLineViews(order, figures.tax),
    currentTaxLines: taxLineViews(order, figures.currentTax),
    subtotalPriceSet: bag(figures.subtotal),
    totalPriceSet: bag(figures.total),
    originalTotalPriceSet: bag(figures.total),
    totalTaxSet: bag(figures.tax),
    totalDiscountsSet: bag(figures.discounts),
    totalShippingPriceSet: bag(figures.shipping),
    totalTipReceivedSet: bag(order.tip),
    totalReceivedSet: bag(figures.received),
    totalRefundedSet: bag(figures.refunded),
    totalOutstandingSet: bag(figures.outstanding),
    netPaymentSet: bag(figures.received - figures.refunded),
    currentSubtotalPriceSet: bag(figures.currentSubtotal),
    currentTotalPriceSet: bag(figures.currentTotal),
    currentTotalTaxSet: bag(figures.currentTax),
    currentTotalDiscountsSet: bag(figures.currentDiscounts),
    currentShippingPriceSet: bag(figures.currentShipping),
    lineItems: (page: PageArguments) =>
      connection(
        order.lines,
        page,
        (line) => line.id,
        (line) => lineView(shop, order, line),
      ),
    refunds: ({ first }: { first?: number | null }) =>
      order.refunds.slice(0, first ?? undefined).map((refund) => refundView(shop, order, refund)),
    transactions: ({ first }: { first?: number | null }) =>
      order.transactions.slice(0, first ?? undefined).map((transaction) => transactionView(order, transaction)),
  };
}
