import { share } from "./money.ts";
import type { AppliedDiscount, Customer, Discount, OrderLine, RedeemCode, Shop } from "./state.ts";

/** A basket as the checkout prices it; allocations and tax are filled in by `price`. */
interface Basket {
  lines: OrderLine[];
  shippingPrice: number;
}

export type CodeVerdict =
  | { accepted: true; discount: Discount; code: RedeemCode }
  | { accepted: false; because: string };

export function findCode(shop: Shop, code: string): { discount: Discount; code: RedeemCode } | undefined {
  const found = shop.codes[code.trim().toLowerCase()];
  const discount = found && shop.discounts.find((candidate) => candidate.id === found.discountId);
  return found && discount && { discount, code: found };
}

export function discountStatus(discount: Discount, now: Date): "ACTIVE" | "EXPIRED" | "SCHEDULED" {
  if (discount.endsAt && new Date(discount.endsAt) <= now) return "EXPIRED";
  return new Date(discount.startsAt) > now ? "SCHEDULED" : "ACTIVE";
}

/** Gift cards are never discounted; otherwise the discount's own products, or all of them. */
function entitledLines(discount: Discount, lines: OrderLine[]): OrderLine[] {
  if (discount.collectionIds) return [];
  return lines.filter((line) => {
    if (line.giftCard) return false;
    if (line.sellingPlan ? !discount.appliesOnSubscription : !discount.appliesOnOneTimePurchase) return false;
    return discount.productIds === null || (line.productId !== null && discount.productIds.includes(line.productId));
  });
}

/** Whether the checkout takes the code, in the words the buyer reads. */
export function judgeCode(
  shop: Shop,
  typed: string,
  basket: Basket,
  buyer: { email: string | null; customer: Customer | null },
  now: Date,
): CodeVerdict {
  const refuse = (because: string): CodeVerdict => ({ accepted: false, because });
  const found = findCode(shop, typed);
  if (!found || discountStatus(found.discount, now) !== "ACTIVE") return refuse("Enter a valid discount code");
  const { discount, code } = found;
  if (discount.usageLimit !== null && code.uses.length >= discount.usageLimit) {
    return refuse("This discount code has reached its usage limit");
  }
  if (discount.appliesOncePerCustomer && hasUsed(shop, discount, buyer)) {
    return refuse("You have already used this discount code");
  }
  if (discount.customerIds && !(buyer.customer && discount.customerIds.includes(buyer.customer.id))) {
    return refuse("This discount code isn't available to you right now");
  }
  const entitled = entitledLines(discount, basket.lines);
  if (entitled.length === 0) return refuse("This discount code isn't valid for the items in your cart");
  const worth = entitled.reduce((total, line) => total + line.unitPrice * line.quantity, 0);
  const pieces = entitled.reduce((total, line) => total + line.quantity, 0);
  const { minimum } = discount;
  if (minimum && ("subtotal" in minimum ? worth < minimum.subtotal : pieces < minimum.quantity)) {
    return refuse("Your cart doesn't meet the minimum requirement of this discount code");
  }
  return { accepted: true, discount, code };
}

/** Once per customer is once with any of the discount's codes, told by the address typed or by the customer. */
function hasUsed(shop: Shop, discount: Discount, buyer: { email: string | null; customer: Customer | null }): boolean {
  const email = buyer.email?.toLowerCase() ?? null;
  const uses = Object.values(shop.codes).flatMap((code) => (code.discountId === discount.id ? code.uses : []));
  return uses.some((use) => (email && use.email === email) || (buyer.customer && use.customerId === buyer.customer.id));
}

interface PricedBasket {
  lines: OrderLine[];
  shippingDiscount: number;
  discounts: AppliedDiscount[];
}

/** Spreads the accepted code over the lines and works out the tax of each. */
export function price(shop: Shop, basket: Basket, verdict: CodeVerdict | null): PricedBasket {
  const lines = basket.lines.map((line) => ({ ...line, allocations: [...line.allocations] }));
  const discounts: AppliedDiscount[] = [];
  let shippingDiscount = 0;
  if (verdict?.accepted) {
    const { discount, code } = verdict;
    const base = { code: code.code, each: false, entitledOnly: discount.productIds !== null };
    if (discount.kind === "freeShipping") {
      shippingDiscount = basket.shippingPrice;
      discounts.push({ ...base, type: "shipping", value: 100, amount: shippingDiscount });
    } else {
      const entitled = entitledLines(discount, lines);
      const amounts = lineAmounts(discount, entitled);
      entitled.forEach((line, index) => {
        line.allocations.push({ discount: 0, amount: amounts[index] ?? 0 });
      });
      const { value } = discount;
      discounts.push({
        ...base,
        ...(value && "amount" in value
          ? { type: "fixed_amount" as const, value: value.amount, each: value.each }
          : { type: "percentage" as const, value: (value?.percentage ?? 0) * 100 }),
        amount: amounts.reduce((a, b) => a + b, 0),
      });
    }
  }
  for (const line of lines) line.tax = taxOf(shop, line);
  return { lines, shippingDiscount, discounts };
}

function lineAmounts(discount: Discount, lines: OrderLine[]): number[] {
  const worth = lines.map((line) => line.unitPrice * line.quantity);
  const total = worth.reduce((a, b) => a + b, 0);
  const { value } = discount;
  if (!value) return worth.map(() => 0);
  if ("percentage" in value) return share(Math.round(total * value.percentage), worth);
  if (value.each) return lines.map((line) => Math.min(value.amount, line.unitPrice) * line.quantity);
  return share(Math.min(value.amount, total), worth);
}

export function taxOf(shop: Shop, line: OrderLine): number {
  if (line.giftCard || shop.taxRate === 0) return 0;
  const net = line.unitPrice * line.quantity - line.allocations.reduce((total, part) => total + part.amount, 0);
  return Math.round(shop.taxesIncluded ? (net * shop.taxRate) / (1 + shop.taxRate) : net * shop.taxRate);
}
