import { randomBytes, randomUUID } from "node:crypto";
import { Refusal } from "../http.ts";
import { createCustomer, findCustomer, makeAddress } from "./customers.ts";
import { atSecond } from "./dates.ts";
import { advanceBulkWork } from "./discount-codes.ts";
import { figuresOf, financialStatus } from "./order-figures.ts";
import { orderPayload } from "./order-payload.ts";
import type { Platform } from "./platform.ts";
import { judgeCode, price } from "./pricing.ts";
import { type Address, type Customer, type Order, type OrderLine, type Product, type Shop, takeId } from "./state.ts";

export interface LineInput {
  productId?: number;
  quantity?: number;
  /** Overrides of the product, for lines without one. Prices in minor units of the shop's currency. */
  title?: string;
  price?: number;
  giftCard?: boolean;
  /** Name of the selling plan that makes the line a subscription. */
  sellingPlan?: string;
}

export interface OrderInput {
  customerId?: number;
  email?: string | null;
  phone?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  lines?: LineInput[];
  discountCode?: string;
  attributes?: Record<string, string>;
  landingSite?: string | null;
  referringSite?: string | null;
  presentmentCurrency?: string;
  /** Major units of the presentment currency for one of the shop's; needed when the currencies differ. */
  rate?: number;
  test?: boolean;
  /** "web" (default), "shopify_draft_order", "pos", "subscription_contract" … */
  sourceName?: string;
  giftCardOnly?: boolean;
  /** False leaves the order pending. Default true. */
  paid?: boolean;
  /** Minor units of the shop's currency. Default 0 for both. */
  shipping?: number;
  tip?: number;
  /** When it happened, ISO. Default the shop's clock. */
  at?: string;
  locale?: string;
  cartToken?: string;
  browserIp?: string;
  userAgent?: string;
  address?: Partial<Address>;
}

/** Places an order and sends what Shopify sends: customers/create if new, orders/create, orders/paid if paid, orders/updated. */
export function placeOrder(platform: Platform, shop: Shop, input: OrderInput): Order {
  const eventId = randomUUID();
  const at = momentOf(platform, input.at);
  const standard = input.giftCardOnly ? [{ title: "Gift card", price: 2500, giftCard: true }] : [{}];
  const lines = linesOf(platform, shop, input.lines?.length ? input.lines : standard);
  if (input.presentmentCurrency && input.presentmentCurrency !== shop.currency && !input.rate) {
    throw new Refusal(422, "An order in another currency needs its rate");
  }
  const known = knownCustomer(shop, input);
  const email = input.email ?? known?.email ?? null;
  advanceBulkWork(platform, shop);
  const basket = { lines, shippingPrice: input.shipping ?? 0 };
  const verdict = input.discountCode
    ? judgeCode(shop, input.discountCode, basket, { email, customer: known }, new Date(at))
    : null;
  if (verdict?.accepted === false) throw new Refusal(422, verdict.because);
  const customer = known ?? newCustomer(platform, shop, input, eventId);
  const priced = price(shop, basket, verdict);
  const needsShipping = lines.some((line) => !line.giftCard);
  const order: Order = {
    id: takeId(platform.state),
    number: shop.nextOrderNumber++,
    token: randomBytes(16).toString("hex"),
    customerId: customer?.id ?? null,
    email,
    phone: input.phone ?? null,
    createdAt: at,
    updatedAt: at,
    cancelledAt: null,
    cancelReason: null,
    test: input.test ?? false,
    sourceName: input.sourceName ?? "web",
    currency: shop.currency,
    presentmentCurrency: input.presentmentCurrency ?? shop.currency,
    rate: input.presentmentCurrency === shop.currency ? 1 : (input.rate ?? 1),
    taxesIncluded: shop.taxesIncluded,
    taxRate: shop.taxRate,
    lines: priced.lines,
    shipping:
      needsShipping && basket.shippingPrice > 0
        ? {
            id: takeId(platform.state),
            title: "Standard",
            price: basket.shippingPrice,
            discount: priced.shippingDiscount,
          }
        : null,
    tip: input.tip ?? 0,
    discounts: priced.discounts,
    attributes: Object.entries(input.attributes ?? {}).map(([name, value]) => ({ name, value: String(value) })),
    landingSite: input.landingSite ?? null,
    referringSite: input.referringSite ?? null,
    cartToken: input.cartToken ?? null,
    browserIp: input.browserIp ?? null,
    userAgent: input.userAgent ?? null,
    locale: input.locale ?? customer?.locale ?? shop.locale,
    address: needsShipping
      ? input.address
        ? makeAddress(platform, shop, input.address, input.phone ?? null)
        : (customer?.address ?? null)
      : null,
    firstName: input.firstName ?? customer?.firstName ?? null,
    lastName: input.lastName ?? customer?.lastName ?? null,
    transactions: [],
    refunds: [],
  };
  shop.orders.push(order);
  if (verdict?.accepted) {
    verdict.code.uses.push({ email: email?.toLowerCase() ?? null, customerId: customer?.id ?? null });
  }
  const paid = input.paid !== false;
  if (paid) addSale(platform, order, at);
  announce(platform, shop, order, ["orders/create", ...(paid ? ["orders/paid"] : []), "orders/updated"], eventId);
  return order;
}

function knownCustomer(shop: Shop, input: OrderInput): Customer | null {
  if (input.customerId === undefined) return findCustomer(shop, input) ?? null;
  const customer = shop.customers.find((candidate) => candidate.id === input.customerId);
  if (!customer) throw new Refusal(404, `There is no customer ${input.customerId}`);
  return customer;
}

function newCustomer(platform: Platform, shop: Shop, input: OrderInput, eventId: string): Customer | null {
  return input.email || input.phone ? createCustomer(platform, shop, input, eventId) : null;
}

export function linesOf(platform: Platform, shop: Shop, wanted: LineInput[]): OrderLine[] {
  return wanted.map((line) => {
    const product = productOf(shop, line);
    const unitPrice = line.price ?? product?.price;
    const quantity = line.quantity ?? 1;
    if (unitPrice === undefined)
      throw new Refusal(422, "A line needs a product or a price, and this shop has no product");
    if (!Number.isInteger(quantity) || quantity < 1 || !Number.isInteger(unitPrice) || unitPrice < 0) {
      throw new Refusal(422, "A line's quantity and price are whole numbers, the price in minor units");
    }
    return {
      id: takeId(platform.state),
      productId: product?.id ?? null,
      variantId: product?.variantId ?? null,
      title: line.title ?? product?.title ?? "Custom item",
      quantity,
      unitPrice,
      giftCard: line.giftCard ?? product?.giftCard ?? false,
      sellingPlan: line.sellingPlan ?? null,
      allocations: [],
      tax: 0,
    };
  });
}

function productOf(shop: Shop, line: LineInput): Product | undefined {
  if (line.productId === undefined) return line.price === undefined ? shop.products[0] : undefined;
  const product = shop.products.find((candidate) => candidate.id === line.productId);
  if (!product) throw new Refusal(404, `There is no product ${line.productId}`);
  return product;
}

function addSale(platform: Platform, order: Order, at: string): void {
  const amount = figuresOf(order).outstanding;
  const id = takeId(platform.state);
  order.transactions.push({ id, kind: "SALE", status: "SUCCESS", amount, createdAt: at, parentId: null });
}

function momentOf(platform: Platform, at: string | undefined): string {
  const date = at === undefined ? platform.clock.now() : new Date(at);
  if (Number.isNaN(date.getTime())) throw new Refusal(422, `"${at}" is not a time`);
  return atSecond(date);
}

/** A change always moves `updated_at` on, by at least the second that timestamps can tell apart, unless the caller fixes the time. */
export function touchOrder(platform: Platform, order: Order, at?: string): string {
  const now = momentOf(platform, at);
  const next = atSecond(new Date(new Date(order.updatedAt).getTime() + 1000));
  order.updatedAt = at === undefined && now < next ? next : now;
  return order.updatedAt;
}

/** Takes the money that is still owed for an order: orders/paid, orders/updated. */
export function payOrder(platform: Platform, shop: Shop, order: Order, options: { at?: string } = {}): Order {
  const status = financialStatus(order);
  if (status !== "PENDING" && status !== "PARTIALLY_PAID") {
    throw new Refusal(409, `Order #${order.number} is ${status.toLowerCase()}: nothing is owed`);
  }
  addSale(platform, order, touchOrder(platform, order, options.at));
  announce(platform, shop, order, ["orders/paid", "orders/updated"]);
  return order;
}

export function announce(platform: Platform, shop: Shop, order: Order, topics: string[], eventId?: string): void {
  const event = eventId ?? randomUUID();
  const payload = orderPayload(shop, order);
  for (const topic of topics) platform.webhooks.send(shop, topic, payload, event);
}

export function mustFindOrder(shop: Shop, id: number): Order {
  const order = shop.orders.find((candidate) => candidate.id === id);
  if (!order) throw new Refusal(404, `There is no order ${id} in "${shop.handle}"`);
  return order;
}
