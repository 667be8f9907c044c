import { convert, toDecimal } from "./money.ts";
import { currentQuantity } from "./order-figures.ts";
import { gid, type Order, type OrderLine } from "./state.ts";

type Presentable = Pick<Order, "currency" | "presentmentCurrency" | "rate">;

/** `{ shop_money, presentment_money }` of an amount in minor units of the shop's currency. */
export function moneySet(order: Presentable, minor: number) {
  const { currency, presentmentCurrency, rate } = order;
  return {
    shop_money: { amount: toDecimal(minor, currency), currency_code: currency },
    presentment_money: {
      amount: toDecimal(convert(minor, currency, presentmentCurrency, rate), presentmentCurrency),
      currency_code: presentmentCurrency,
    },
  };
}

/** What order lines and the lines inside refunds have in common. */
export function lineFields(order: Order, line: OrderLine) {
  return {
    id: line.id,
    admin_graphql_api_id: gid("LineItem", line.id),
    fulfillable_quantity: currentQuantity(order, line),
    fulfillment_service: "manual",
    fulfillment_status: null,
    gift_card: line.giftCard,
    grams: 0,
    name: line.title,
    price: toDecimal(line.unitPrice, order.currency),
    price_set: moneySet(order, line.unitPrice),
    product_exists: line.productId !== null,
    product_id: line.productId,
    properties: [] as { name: string; value: string }[],
    quantity: line.quantity,
    requires_shipping: !line.giftCard,
    sku: line.productId === null ? "" : `SKU-${line.productId}`,
    taxable: !line.giftCard,
    title: line.title,
    // Code discounts are in discount_allocations; this one holds only reductions made on the line itself.
    total_discount: toDecimal(0, order.currency),
    total_discount_set: moneySet(order, 0),
    variant_id: line.variantId,
    variant_inventory_management: null,
    variant_title: null,
    vendor: null,
    tax_lines: taxLines(order, line.tax),
    duties: [] as never[],
    discount_allocations: line.allocations.map(({ discount, amount }) => allocation(order, discount, amount)),
  };
}

/** One line's part of one discount application. */
export function allocation(order: Order, index: number, amount: number) {
  return {
    amount: toDecimal(amount, order.currency),
    amount_set: moneySet(order, amount),
    discount_application_index: index,
  };
}

export function taxLines(order: Order, tax: number) {
  if (tax === 0) return [];
  return [
    {
      channel_liable: false,
      price: toDecimal(tax, order.currency),
      price_set: moneySet(order, tax),
      rate: order.taxRate,
      title: "Tax",
    },
  ];
}
