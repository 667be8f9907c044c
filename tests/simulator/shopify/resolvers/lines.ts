import { currentQuantity, lineDiscount, linePrice } from "../order-figures.ts";
import { type AppliedDiscount, gid, type Order, type OrderLine, type Shop } from "../state.ts";
import type { View } from "./connection.ts";
import { moneyBag, moneyView } from "./money-views.ts";
import { productView } from "./products.ts";

export function lineView(shop: Shop, order: Order, line: OrderLine): View {
  const bag = (minor: number) => moneyBag(order, minor);
  const net = linePrice(line) - lineDiscount(line);
  const product = shop.products.find((candidate) => candidate.id === line.productId);
  return {
    __typename: "LineItem",
    id: gid("LineItem", line.id),
    name: line.title,
    title: line.title,
    variantTitle: null,
    vendor: null,
    sku: line.productId === null ? null : `SKU-${line.productId}`,
    quantity: line.quantity,
    currentQuantity: currentQuantity(order, line),
    refundableQuantity: currentQuantity(order, line),
    isGiftCard: line.giftCard,
    requiresShipping: !line.giftCard,
    taxable: !line.giftCard,
    sellingPlan: line.sellingPlan && { name: line.sellingPlan, sellingPlanId: null },
    customAttributes: [],
    product: product ? productView(product) : null,
    originalUnitPriceSet: bag(line.unitPrice),
    originalTotalSet: bag(linePrice(line)),
    // Code discounts are left out unless asked for.
    discountedTotalSet: ({ withCodeDiscounts }: { withCodeDiscounts?: boolean }) =>
      bag(withCodeDiscounts ? net : linePrice(line)),
    discountedUnitPriceSet: bag(line.unitPrice),
    discountedUnitPriceAfterAllDiscountsSet: bag(Math.round(net / line.quantity)),
    totalDiscountSet: bag(0),
    discountAllocations: line.allocations.map(({ discount, amount }) => ({
      allocatedAmountSet: bag(amount),
      discountApplication: discountView(order, discount),
    })),
    taxLines: () => taxLineViews(order, line.tax),
  };
}

function discountView(order: Order, index: number): View | null {
  const discount = order.discounts[index];
  return discount ? applicationView(order, discount) : null;
}

export function applicationView(order: Order, discount: AppliedDiscount): View {
  return {
    __typename: "DiscountCodeApplication",
    index: order.discounts.indexOf(discount),
    code: discount.code,
    allocationMethod: discount.each ? "EACH" : "ACROSS",
    targetSelection: discount.entitledOnly ? "ENTITLED" : "ALL",
    targetType: discount.type === "shipping" ? "SHIPPING_LINE" : "LINE_ITEM",
    value:
      discount.type === "fixed_amount"
        ? moneyView(discount.value, order.currency)
        : { __typename: "PricingPercentageValue", percentage: discount.value },
  };
}

export function taxLineViews(order: Order, tax: number): View[] {
  if (tax === 0) return [];
  return [
    {
      title: "Tax",
      rate: order.taxRate,
      ratePercentage: order.taxRate * 100,
      channelLiable: false,
      source: null,
      priceSet: moneyBag(order, tax),
    },
  ];
}
