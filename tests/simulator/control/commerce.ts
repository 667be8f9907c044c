import { Refusal } from "../http.ts";
import { customerPayload } from "../shopify/customer-payload.ts";
import {
  type CustomerInput,
  createCustomer,
  deleteCustomer,
  mergeCustomers,
  updateCustomer,
} from "../shopify/customers.ts";
import { atSecond } from "../shopify/dates.ts";
import { advanceBulkWork } from "../shopify/discount-codes.ts";
import { deleteDiscount, mustFindDiscount } from "../shopify/discounts.ts";
import { type EditInput, editOrder } from "../shopify/order-edits.ts";
import { type OrderPayload, orderPayload } from "../shopify/order-payload.ts";
import { mustFindOrder, type OrderInput, payOrder, placeOrder } from "../shopify/orders.ts";
import { discountStatus } from "../shopify/pricing.ts";
import { type CancelInput, cancelOrder, type RefundInput, refundOrder } from "../shopify/refunds.ts";
import { type Customer, gid, type Order, type Product, type Shop, takeId } from "../shopify/state.ts";
import { type ControlCall, type ControlRoute, shopOf } from "./route.ts";

export interface ProductInput {
  title?: string;
  /** Minor units of the shop's currency. Default 2000. */
  price?: number;
  giftCard?: boolean;
}

function addProduct(call: ControlCall): Product {
  const shop = shopOf(call);
  const { title = "A product", price = 2000, giftCard = false }: ProductInput = call.body;
  if (!Number.isInteger(price) || price < 0) throw new Refusal(422, "A price is a whole number of minor units");
  const base = title.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const isTaken = shop.products.some((product) => product.handle === base);
  const product: Product = {
    id: takeId(call.platform.state),
    variantId: takeId(call.platform.state),
    title,
    handle: isTaken ? `${base}-${shop.products.length + 1}` : base,
    price,
    giftCard,
    createdAt: atSecond(call.platform.clock.now()),
  };
  shop.products.push(product);
  return product;
}

function customerOf(call: ControlCall, wanted: unknown = call.params.id): Customer {
  const customer = shopOf(call).customers.find(({ id }) => id === Number(wanted));
  if (!customer) throw new Refusal(404, `There is no customer ${wanted}`);
  return customer;
}

function addCustomer(call: ControlCall) {
  const input: CustomerInput = call.body;
  return customerPayload(shopOf(call), createCustomer(call.platform, shopOf(call), input));
}

function changeCustomer(call: ControlCall) {
  const input: CustomerInput = call.body;
  return customerPayload(shopOf(call), updateCustomer(call.platform, shopOf(call), customerOf(call), input));
}

function removeCustomer(call: ControlCall) {
  deleteCustomer(call.platform, shopOf(call), customerOf(call));
  return {};
}

function foldCustomer(call: ControlCall) {
  const shop = shopOf(call);
  const kept = customerOf(call, call.body.into);
  return customerPayload(shop, mergeCustomers(call.platform, shop, kept, customerOf(call)));
}

/** Runs a change of the order in the path and shows the order afterwards. */
const onOrder =
  (change: (call: ControlCall, shop: Shop, order: Order) => unknown) =>
  (call: ControlCall): OrderPayload => {
    const shop = shopOf(call);
    const order = mustFindOrder(shop, Number(call.params.id));
    change(call, shop, order);
    return orderPayload(shop, order);
  };

function addOrder(call: ControlCall): OrderPayload {
  const input: OrderInput = call.body;
  return orderPayload(shopOf(call), placeOrder(call.platform, shopOf(call), input));
}

function discountList(call: ControlCall) {
  const shop = shopOf(call);
  advanceBulkWork(call.platform, shop);
  return shop.discounts.map((discount) => ({
    ...discount,
    gid: gid("DiscountCodeNode", discount.id),
    status: discountStatus(discount, call.platform.clock.now()),
    codes: Object.values(shop.codes)
      .filter((code) => code.discountId === discount.id)
      .map(({ code, uses }) => ({ code, uses: uses.length })),
  }));
}

function removeDiscount(call: ControlCall) {
  const shop = shopOf(call);
  deleteDiscount(call.platform, shop, mustFindDiscount(shop, Number(call.params.id)));
  return {};
}

export type DiscountSummary = ReturnType<typeof discountList>[number];

export const commerceRoutes: ControlRoute[] = [
  ["POST", "/shops/:shop/products", addProduct],
  ["GET", "/shops/:shop/products", (call) => shopOf(call).products],
  ["POST", "/shops/:shop/customers", addCustomer],
  ["GET", "/shops/:shop/customers", (call) => shopOf(call).customers.map((c) => customerPayload(shopOf(call), c))],
  ["GET", "/shops/:shop/customers/:id", (call) => customerPayload(shopOf(call), customerOf(call))],
  ["PATCH", "/shops/:shop/customers/:id", changeCustomer],
  ["DELETE", "/shops/:shop/customers/:id", removeCustomer],
  ["POST", "/shops/:shop/customers/:id/merge", foldCustomer],
  ["POST", "/shops/:shop/orders", addOrder],
  ["GET", "/shops/:shop/orders", (call) => shopOf(call).orders.map((order) => orderPayload(shopOf(call), order))],
  ["GET", "/shops/:shop/orders/:id", onOrder(() => undefined)],
  [
    "POST",
    "/shops/:shop/orders/:id/pay",
    onOrder((call, shop, order) => payOrder(call.platform, shop, order, call.body)),
  ],
  [
    "POST",
    "/shops/:shop/orders/:id/cancel",
    onOrder((call, shop, order) => {
      const input: CancelInput = call.body;
      return cancelOrder(call.platform, shop, order, input);
    }),
  ],
  [
    "POST",
    "/shops/:shop/orders/:id/refund",
    onOrder((call, shop, order) => {
      const input: RefundInput = call.body;
      return refundOrder(call.platform, shop, order, input);
    }),
  ],
  [
    "POST",
    "/shops/:shop/orders/:id/edit",
    onOrder((call, shop, order) => {
      const input: EditInput = call.body;
      return editOrder(call.platform, shop, order, input);
    }),
  ],
  ["GET", "/shops/:shop/discounts", discountList],
  ["DELETE", "/shops/:shop/discounts/:id", removeDiscount],
];
