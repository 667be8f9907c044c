import { atSecond } from "../dates.ts";
import { advanceBulkWork, startBulkCreation, startBulkDeletion } from "../discount-codes.ts";
import { type DiscountError, type DiscountInput, deleteDiscount, saveDiscount } from "../discounts.ts";
import type { AdminContext } from "../platform.ts";
import { findCode } from "../pricing.ts";
import { type Discount, idOf } from "../state.ts";
import type { View } from "./connection.ts";
import { bulkCreationView, bulkDeletionView, discountNodeView } from "./discount-views.ts";

const error = (field: string[], code: string, message: string): DiscountError => ({
  field,
  code,
  message,
  extraInfo: null,
});

const missing = (field: string) => error([field], "INVALID", "Discount does not exist");

function findDiscount({ shop }: AdminContext, value: string, kind?: Discount["kind"]): Discount | undefined {
  const id = idOf("DiscountCodeNode", value) ?? idOf("DiscountNode", value);
  return shop.discounts.find((discount) => discount.id === id && (kind === undefined || discount.kind === kind));
}

function save(
  context: AdminContext,
  kind: Discount["kind"],
  argument: string,
  input: DiscountInput,
  existing?: Discount,
): View {
  const { platform, shop } = context;
  const { discount, userErrors } = saveDiscount(platform, shop, kind, argument, input, existing);
  return { codeDiscountNode: discount && discountNodeView(platform, shop, discount), userErrors };
}

/** Ends or re-opens a discount at once. */
function setActive(context: AdminContext, id: string, active: boolean): View {
  const discount = findDiscount(context, id);
  if (!discount) return { codeDiscountNode: null, userErrors: [missing("id")] };
  const now = atSecond(context.platform.clock.now());
  discount.endsAt = active ? null : now;
  if (active) discount.startsAt = discount.startsAt > now ? now : discount.startsAt;
  discount.updatedAt = now;
  return { codeDiscountNode: discountNodeView(context.platform, context.shop, discount), userErrors: [] };
}

export const discountQueries = {
  codeDiscountNode: ({ id }: { id: string }, context: AdminContext) => nodeOf(context, id),
  discountNode: ({ id }: { id: string }, context: AdminContext) => nodeOf(context, id),
  codeDiscountNodeByCode({ code }: { code: string }, context: AdminContext) {
    advanceBulkWork(context.platform, context.shop);
    const found = findCode(context.shop, code);
    return found ? discountNodeView(context.platform, context.shop, found.discount) : null;
  },
  discountRedeemCodeBulkCreation({ id }: { id: string }, { platform, shop }: AdminContext) {
    const wanted = idOf("DiscountRedeemCodeBulkCreation", id);
    const creation = shop.bulkCreations.find((candidate) => candidate.id === wanted);
    if (!creation) return null;
    creation.polls += 1;
    advanceBulkWork(platform, shop);
    return bulkCreationView(platform, shop, creation);
  },
  /** The only jobs here are deletions of codes. */
  job({ id }: { id: string }, { platform, shop }: AdminContext) {
    const deletion = shop.bulkDeletions.find((candidate) => candidate.id === idOf("Job", id));
    if (!deletion) return null;
    deletion.polls += 1;
    advanceBulkWork(platform, shop);
    return bulkDeletionView(deletion);
  },
};

function nodeOf(context: AdminContext, id: string): View | null {
  advanceBulkWork(context.platform, context.shop);
  const discount = findDiscount(context, id);
  return discount ? discountNodeView(context.platform, context.shop, discount) : null;
}

export const discountMutations = {
  discountCodeBasicCreate: (args: { basicCodeDiscount: DiscountInput }, context: AdminContext) =>
    save(context, "basic", "basicCodeDiscount", args.basicCodeDiscount),
  discountCodeFreeShippingCreate: (args: { freeShippingCodeDiscount: DiscountInput }, context: AdminContext) =>
    save(context, "freeShipping", "freeShippingCodeDiscount", args.freeShippingCodeDiscount),
  discountCodeBasicUpdate(args: { id: string; basicCodeDiscount: DiscountInput }, context: AdminContext) {
    const existing = findDiscount(context, args.id, "basic");
    if (!existing) return { codeDiscountNode: null, userErrors: [missing("id")] };
    return save(context, "basic", "basicCodeDiscount", args.basicCodeDiscount, existing);
  },
  discountCodeFreeShippingUpdate(args: { id: string; freeShippingCodeDiscount: DiscountInput }, context: AdminContext) {
    const existing = findDiscount(context, args.id, "freeShipping");
    if (!existing) return { codeDiscountNode: null, userErrors: [missing("id")] };
    return save(context, "freeShipping", "freeShippingCodeDiscount", args.freeShippingCodeDiscount, existing);
  },
  discountCodeActivate: ({ id }: { id: string }, context: AdminContext) => setActive(context, id, true),
  discountCodeDeactivate: ({ id }: { id: string }, context: AdminContext) => setActive(context, id, false),
  discountCodeDelete({ id }: { id: string }, context: AdminContext) {
    const discount = findDiscount(context, id);
    if (!discount) return { deletedCodeDiscountId: null, userErrors: [missing("id")] };
    deleteDiscount(context.platform, context.shop, discount);
    return { deletedCodeDiscountId: id, userErrors: [] };
  },
  discountRedeemCodeBulkAdd(args: { discountId: string; codes: { code: string }[] }, context: AdminContext) {
    const { platform, shop } = context;
    const discount = findDiscount(context, args.discountId);
    if (!discount) return { bulkCreation: null, userErrors: [missing("discountId")] };
    if (args.codes.length === 0) {
      return { bulkCreation: null, userErrors: [error(["codes"], "BLANK", "Codes can't be blank")] };
    }
    const creation = startBulkCreation(
      platform,
      shop,
      discount,
      args.codes.map(({ code }) => code),
    );
    return { bulkCreation: bulkCreationView(platform, shop, creation), userErrors: [] };
  },
  discountCodeRedeemCodeBulkDelete(
    args: { discountId: string; ids?: string[] | null; search?: string | null; savedSearchId?: string | null },
    context: AdminContext,
  ) {
    const { platform, shop } = context;
    advanceBulkWork(platform, shop);
    const discount = findDiscount(context, args.discountId);
    if (!discount) return { job: null, userErrors: [missing("discountId")] };
    if (!args.ids || args.search || args.savedSearchId) {
      const message = "The simulator deletes redeem codes by ids only, and exactly one selection is allowed";
      return { job: null, userErrors: [error(["ids"], args.ids ? "TOO_MANY_ARGUMENTS" : "MISSING_ARGUMENT", message)] };
    }
    const ids = args.ids.map((value) => idOf("DiscountRedeemCode", value)).filter((id) => id !== null);
    return { job: bulkDeletionView(startBulkDeletion(platform, shop, discount, ids)), userErrors: [] };
  },
};
