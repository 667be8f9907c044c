import { Refusal } from "../http.ts";
import { atSecond, inZone } from "./dates.ts";
import { addCode, codeProblem } from "./discount-codes.ts";
import { fromDecimal } from "./money.ts";
import type { Platform } from "./platform.ts";
import { type Discount, gid, idOf, type Shop, takeId } from "./state.ts";

/** `DiscountUserError` */
export interface DiscountError {
  code: string;
  field: string[] | null;
  message: string;
  extraInfo: null;
}

/** `DiscountCodeBasicInput` and `DiscountCodeFreeShippingInput`, as the schema has validated them. */
export interface DiscountInput {
  title?: string | null;
  code?: string | null;
  startsAt?: string | null;
  endsAt?: string | null;
  usageLimit?: number | null;
  appliesOncePerCustomer?: boolean | null;
  tags?: string[] | null;
  combinesWith?: { orderDiscounts?: boolean; productDiscounts?: boolean; shippingDiscounts?: boolean } | null;
  minimumRequirement?: {
    subtotal?: { greaterThanOrEqualToSubtotal?: string | null } | null;
    quantity?: { greaterThanOrEqualToQuantity?: string | null } | null;
  } | null;
  context?: { all?: string | null; customers?: { add?: string[] | null } | null } | null;
  customerSelection?: { all?: boolean | null; customers?: { add?: string[] | null } | null } | null;
  appliesOnOneTimePurchase?: boolean | null;
  appliesOnSubscription?: boolean | null;
  customerGets?: {
    appliesOnOneTimePurchase?: boolean | null;
    appliesOnSubscription?: boolean | null;
    items?: {
      all?: boolean | null;
      products?: { productsToAdd?: string[] | null } | null;
      collections?: { add?: string[] | null } | null;
    } | null;
    value?: {
      percentage?: number | null;
      discountAmount?: { amount?: string | null; appliesOnEachItem?: boolean | null } | null;
    } | null;
  } | null;
}

const given = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;
const idsOf = (type: string, gids: string[]) => gids.map((value) => idOf(type, value)).filter((id) => id !== null);

/**
 * Creates (without `existing`) or changes a discount.
 * @param argument name of the input argument; error fields begin with it.
 * Rules and messages are Shopify's: https://shopify.dev/docs/api/admin-graphql/latest/mutations/discountCodeBasicCreate
 */
export function saveDiscount(
  platform: Platform,
  shop: Shop,
  kind: Discount["kind"],
  argument: string,
  input: DiscountInput,
  existing?: Discount,
): { discount: Discount | null; userErrors: DiscountError[] } {
  const errors: DiscountError[] = [];
  const complain = (path: string[], code: string, message: string) =>
    errors.push({ field: [argument, ...path], code, message, extraInfo: null });
  const isNew = existing === undefined;

  if (isNew ? !input.title : input.title === "") complain(["title"], "BLANK", "Title can't be blank");
  if (isNew && !input.startsAt) complain(["startsAt"], "BLANK", "Starts at can't be blank");
  if (isNew && !input.context && !input.customerSelection) complain(["context"], "BLANK", "Context can't be blank");
  const ownCode = existing && Object.values(shop.codes).find((code) => code.discountId === existing.id);
  const newCode = given(input.code) && input.code !== ownCode?.code ? input.code : null;
  const problem = isNew || newCode !== null ? codeProblem(shop, input.code ?? "") : null;
  if (problem) complain(["code"], problem.code, problem.message);
  const startsAt = input.startsAt ? atSecond(new Date(input.startsAt)) : (existing?.startsAt ?? "");
  const endsAt = input.endsAt === undefined ? (existing?.endsAt ?? null) : input.endsAt;
  if (endsAt && new Date(endsAt) <= new Date(startsAt)) {
    complain(["endsAt"], "END_DATE_BEFORE_START_DATE", "End date needs to be after the start date");
  }
  if (input.minimumRequirement?.subtotal && input.minimumRequirement.quantity) {
    const message = "Minimum subtotal and quantity range can't both be present";
    complain(["minimumRequirement"], "MINIMUM_SUBTOTAL_AND_QUANTITY_RANGE_BOTH_PRESENT", message);
  }
  if (given(input.usageLimit) && input.usageLimit < 1) {
    complain(["usageLimit"], "GREATER_THAN", "Usage limit must be greater than 0");
  }
  const terms = kind === "basic" ? readTerms(shop, input, existing, complain) : freeShippingTerms(input, existing);
  if (errors.length > 0 || !terms) return { discount: null, userErrors: errors };

  const now = atSecond(platform.clock.now());
  const selection = input.context ?? input.customerSelection;
  const discount: Discount = {
    id: existing?.id ?? takeId(platform.state),
    kind,
    title: input.title ?? existing?.title ?? "",
    startsAt,
    endsAt,
    usageLimit: input.usageLimit === undefined ? (existing?.usageLimit ?? null) : input.usageLimit,
    appliesOncePerCustomer: input.appliesOncePerCustomer ?? existing?.appliesOncePerCustomer ?? false,
    ...terms,
    minimum: input.minimumRequirement === undefined ? (existing?.minimum ?? null) : readMinimum(shop, input),
    customerIds: selection
      ? selection.customers?.add
        ? idsOf("Customer", selection.customers.add)
        : null
      : (existing?.customerIds ?? null),
    combinesWith: {
      orderDiscounts: input.combinesWith?.orderDiscounts ?? existing?.combinesWith.orderDiscounts ?? false,
      productDiscounts: input.combinesWith?.productDiscounts ?? existing?.combinesWith.productDiscounts ?? false,
      shippingDiscounts: input.combinesWith?.shippingDiscounts ?? existing?.combinesWith.shippingDiscounts ?? false,
    },
    tags: input.tags ?? existing?.tags ?? [],
    createdAt: existing?.createdAt ?? now,
    updatedAt: now,
  };
  if (existing) Object.assign(existing, discount);
  else shop.discounts.push(discount);
  if (newCode !== null && ownCode) {
    delete shop.codes[ownCode.code.toLowerCase()];
    ownCode.code = newCode;
    shop.codes[newCode.toLowerCase()] = ownCode;
  } else if (newCode !== null) addCode(platform, shop, discount, newCode);
  return { discount: existing ?? discount, userErrors: [] };
}

type Terms = Pick<
  Discount,
  "value" | "productIds" | "collectionIds" | "appliesOnOneTimePurchase" | "appliesOnSubscription"
>;

function freeShippingTerms(input: DiscountInput, existing: Discount | undefined): Terms {
  return {
    value: null,
    productIds: null,
    collectionIds: null,
    appliesOnOneTimePurchase: input.appliesOnOneTimePurchase ?? existing?.appliesOnOneTimePurchase ?? true,
    appliesOnSubscription: input.appliesOnSubscription ?? existing?.appliesOnSubscription ?? false,
  };
}

function readTerms(
  shop: Shop,
  input: DiscountInput,
  existing: Discount | undefined,
  complain: (path: string[], code: string, message: string) => void,
): Terms | null {
  const gets = input.customerGets;
  if (!gets) {
    if (!existing) complain(["customerGets"], "BLANK", "Customer gets can't be blank");
    return existing ?? null;
  }
  const { percentage, discountAmount } = gets.value ?? {};
  let value = existing?.value ?? null;
  if (given(percentage) && discountAmount) {
    complain(
      ["customerGets", "value"],
      "TOO_MANY_ARGUMENTS",
      "Only one of percentage and discountAmount can be present",
    );
  } else if (given(percentage)) {
    value = { percentage };
    if (percentage <= 0 || percentage > 1) {
      const message = "Value must be between 0.0 and 1.0";
      complain(["customerGets", "value", "percentage"], "VALUE_OUTSIDE_RANGE", message);
    }
  } else if (discountAmount) {
    const amount = fromDecimal(discountAmount.amount ?? "0", shop.currency);
    value = { amount, each: discountAmount.appliesOnEachItem ?? false };
    if (amount <= 0) {
      const message = "Amount must be greater than 0";
      complain(["customerGets", "value", "discountAmount", "amount"], "GREATER_THAN", message);
    }
  } else if (!existing) complain(["customerGets", "value"], "MISSING_ARGUMENT", "Value can't be blank");
  if (!existing && !gets.items) complain(["customerGets", "items"], "MISSING_ARGUMENT", "Items can't be blank");
  const appliesOnOneTimePurchase = gets.appliesOnOneTimePurchase ?? existing?.appliesOnOneTimePurchase ?? true;
  const appliesOnSubscription = gets.appliesOnSubscription ?? existing?.appliesOnSubscription ?? false;
  if (!appliesOnOneTimePurchase && !appliesOnSubscription) {
    complain(
      ["customerGets"],
      "APPLIES_ON_NOTHING",
      "Discount must apply to one-time purchases, subscriptions or both",
    );
  }
  const { items } = gets;
  return {
    value,
    productIds: items
      ? items.products?.productsToAdd
        ? idsOf("Product", items.products.productsToAdd)
        : null
      : (existing?.productIds ?? null),
    collectionIds: items
      ? items.collections?.add
        ? idsOf("Collection", items.collections.add)
        : null
      : (existing?.collectionIds ?? null),
    appliesOnOneTimePurchase,
    appliesOnSubscription,
  };
}

function readMinimum(shop: Shop, input: DiscountInput): Discount["minimum"] {
  const subtotal = input.minimumRequirement?.subtotal?.greaterThanOrEqualToSubtotal;
  const quantity = input.minimumRequirement?.quantity?.greaterThanOrEqualToQuantity;
  if (given(subtotal)) return { subtotal: fromDecimal(subtotal, shop.currency) };
  return given(quantity) ? { quantity: Number(quantity) } : null;
}

export function mustFindDiscount(shop: Shop, id: number): Discount {
  const discount = shop.discounts.find((candidate) => candidate.id === id);
  if (!discount) throw new Refusal(404, `There is no discount ${id} in "${shop.handle}"`);
  return discount;
}

/** Deletes a discount with all its codes and sends `discounts/delete`, whoever does it. */
export function deleteDiscount(platform: Platform, shop: Shop, discount: Discount): void {
  shop.discounts = shop.discounts.filter((candidate) => candidate !== discount);
  for (const [key, code] of Object.entries(shop.codes)) if (code.discountId === discount.id) delete shop.codes[key];
  platform.webhooks.send(shop, "discounts/delete", {
    admin_graphql_api_id: gid("DiscountCodeNode", discount.id),
    deleted_at: inZone(platform.clock.now().toISOString(), shop.timezone),
  });
}
