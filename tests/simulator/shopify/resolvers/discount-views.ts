import type { Platform } from "../platform.ts";
import { discountStatus } from "../pricing.ts";
import {
  type BulkCreation,
  type BulkDeletion,
  type Customer,
  type Discount,
  gid,
  type RedeemCode,
  type Shop,
} from "../state.ts";
import { connection, type PageArguments, type View } from "./connection.ts";
import type { ListArguments } from "./customers.ts";
import { moneyView } from "./money-views.ts";
import { buyerView } from "./orders.ts";
import { productView } from "./products.ts";
import { search } from "./search.ts";

/** A `DiscountCodeNode`, or the same discount as the newer `DiscountNode`. */
export function discountNodeView(platform: Platform, shop: Shop, discount: Discount): View {
  const view = discountView(platform, shop, discount);
  return {
    __typename: "DiscountCodeNode",
    id: gid("DiscountCodeNode", discount.id),
    codeDiscount: view,
    discount: view,
  };
}

function discountView(platform: Platform, shop: Shop, discount: Discount): View {
  const codes = () => Object.values(shop.codes).filter((code) => code.discountId === discount.id);
  const common: View = {
    title: discount.title,
    status: discountStatus(discount, platform.clock.now()),
    startsAt: discount.startsAt,
    endsAt: discount.endsAt,
    createdAt: discount.createdAt,
    updatedAt: discount.updatedAt,
    usageLimit: discount.usageLimit,
    appliesOncePerCustomer: discount.appliesOncePerCustomer,
    asyncUsageCount: () => codes().reduce((total, code) => total + code.uses.length, 0),
    combinesWith: discount.combinesWith,
    recurringCycleLimit: 1,
    tags: discount.tags,
    codesCount: () => ({ count: codes().length, precision: "EXACT" }),
    codes: (args: ListArguments) =>
      connection(search(codes(), args.query, { code: (code) => code.code }), args, (code) => code.id, redeemCodeView),
    shareableUrls: () => [shareableUrl(shop, codes()[0]?.code ?? "")],
    minimumRequirement: minimumView(shop, discount),
    context: contextView(platform, shop, discount),
  };
  if (discount.kind === "freeShipping") {
    return {
      ...common,
      __typename: "DiscountCodeFreeShipping",
      discountClasses: ["SHIPPING"],
      appliesOnOneTimePurchase: discount.appliesOnOneTimePurchase,
      appliesOnSubscription: discount.appliesOnSubscription,
    };
  }
  const isProduct = discount.productIds !== null || discount.collectionIds !== null;
  return {
    ...common,
    __typename: "DiscountCodeBasic",
    discountClasses: [isProduct ? "PRODUCT" : "ORDER"],
    customerGets: {
      appliesOnOneTimePurchase: discount.appliesOnOneTimePurchase,
      appliesOnSubscription: discount.appliesOnSubscription,
      items: itemsView(shop, discount),
      value: valueView(shop, discount),
    },
  };
}

function valueView(shop: Shop, { value }: Discount): View | null {
  if (value && "amount" in value) {
    const amount = moneyView(value.amount, shop.currency);
    return { __typename: "DiscountAmount", amount, appliesOnEachItem: value.each };
  }
  return value && { __typename: "DiscountPercentage", percentage: value.percentage };
}

function itemsView(shop: Shop, discount: Discount): View {
  if (discount.productIds) {
    const products = shop.products.filter((product) => discount.productIds?.includes(product.id));
    const page = (args: PageArguments) => connection(products, args, (product) => product.id, productView);
    return { __typename: "DiscountProducts", products: page };
  }
  return discount.collectionIds
    ? { __typename: "DiscountCollections" }
    : { __typename: "AllDiscountItems", allItems: true };
}

function minimumView(shop: Shop, { minimum }: Discount): View | null {
  if (!minimum) return null;
  if ("quantity" in minimum) {
    return { __typename: "DiscountMinimumQuantity", greaterThanOrEqualToQuantity: String(minimum.quantity) };
  }
  const greaterThanOrEqualToSubtotal = moneyView(minimum.subtotal, shop.currency);
  return { __typename: "DiscountMinimumSubtotal", greaterThanOrEqualToSubtotal };
}

function contextView(platform: Platform, shop: Shop, discount: Discount): View {
  if (!discount.customerIds) return { __typename: "DiscountBuyerSelectionAll", all: "ALL" };
  const isNamed = (customer: Customer) => discount.customerIds?.includes(customer.id);
  const customers = () => shop.customers.filter(isNamed).map((customer) => buyerView(platform, shop, customer));
  return { __typename: "DiscountCustomers", customers };
}

function shareableUrl(shop: Shop, code: string): View {
  const url = new URL(`/discount/${encodeURIComponent(code)}`, shop.primaryDomainUrl).href;
  return { title: "Home page", targetType: "HOME", targetItemImage: null, url };
}

function redeemCodeView(code: RedeemCode): View {
  return { id: gid("DiscountRedeemCode", code.id), code: code.code, asyncUsageCount: code.uses.length };
}

/** The `Job` of a deletion of codes as it stands; the caller has counted the poll. */
export function bulkDeletionView({ id, done }: BulkDeletion): View {
  return { __typename: "Job", id: gid("Job", id), done };
}

/** A bulk creation as it stands; the caller has counted the poll. */
export function bulkCreationView(platform: Platform, shop: Shop, creation: BulkCreation): View {
  const discount = shop.discounts.find((candidate) => candidate.id === creation.discountId);
  const failed = creation.entries.filter((entry) => entry.error).length;
  return {
    __typename: "DiscountRedeemCodeBulkCreation",
    id: gid("DiscountRedeemCodeBulkCreation", creation.id),
    createdAt: creation.createdAt,
    done: creation.done,
    codesCount: creation.entries.length,
    failedCount: failed,
    importedCount: creation.done ? creation.entries.length - failed : 0,
    discountCode: discount ? discountNodeView(platform, shop, discount) : null,
    codes: (args: PageArguments) =>
      connection(
        creation.entries,
        args,
        (entry) => creation.entries.indexOf(entry),
        (entry) => {
          const made = entry.codeId === null ? null : shop.codes[entry.code.toLowerCase()];
          return {
            code: entry.code,
            errors: entry.error ? [{ field: ["code"], extraInfo: null, ...entry.error }] : [],
            discountRedeemCode: made ? redeemCodeView(made) : null,
          };
        },
      ),
  };
}
