import { setTimeout as sleep } from "node:timers/promises";
import type { DiscountTerms } from "#app/domain/rewards/discount-terms.ts";
import { decimalOf } from "#app/lib/money.ts";
import type { AdminClient } from "./client.ts";
import { AdminUnavailable, DiscountGone } from "./errors.ts";
import {
  AddCodesDocument,
  CodesAddedDocument,
  CreateDiscountDocument,
  CreateFreeShippingDocument,
  DeleteCodesDocument,
  FindCodeDocument,
  FindDiscountDocument,
  JobDoneDocument,
} from "./operations.generated.ts";

/** Shopify's refusal of a value, in its own words. */
export type UserError = { readonly code: string | null; readonly message: string };
export type RefusedCode = UserError & { readonly couponCode: string };

/** As many codes as Shopify takes in one call. */
export const CODES_PER_CALL = 250;

/** A code that works in the shop. */
export type LiveCode = {
  readonly discountGid: string;
  /** Null for a discount of another kind than we make. */
  readonly title: string | null;
  readonly codeGid: string | null;
};

/** The discount that a code belongs to, whoever made it; null if the code does not work. Case does not matter. */
export async function findCode(admin: AdminClient, code: string): Promise<LiveCode | null> {
  const { codeDiscountNodeByCode: node } = await admin.ask(FindCodeDocument, { code });
  if (!node) return null;
  if (!("title" in node.codeDiscount)) return { discountGid: node.id, title: null, codeGid: null };
  const { title, codes } = node.codeDiscount;
  const redeemCode = codes.nodes.find((candidate) => candidate.code.toUpperCase() === code.toUpperCase());
  return { discountGid: node.id, title, codeGid: redeemCode?.id ?? null };
}

/** Whether the shop still has a discount: merchants delete them. */
export async function hasDiscount(admin: AdminClient, discountGid: string): Promise<boolean> {
  return (await admin.ask(FindDiscountDocument, { id: discountGid })).codeDiscountNode !== null;
}

/** A discount as it is to be made. */
export type NewDiscount = {
  readonly terms: DiscountTerms;
  readonly title: string;
  /** Its first code. */
  readonly code: string;
  /** Business time; it works from then on. */
  readonly startsAt: Date;
  /** The shop's, in which its amounts are. */
  readonly currency: string;
};

/** Makes the discount of some terms with its first code. Calling it twice makes two: look for the code first. */
export async function createDiscount(
  admin: AdminClient,
  wanted: NewDiscount,
): Promise<{ discountGid: string } | { errors: UserError[] }> {
  const created = await create(admin, wanted);
  const discountGid = created?.codeDiscountNode?.id;
  return discountGid ? { discountGid } : { errors: created?.userErrors ?? [] };
}

async function create(admin: AdminClient, { terms, title, code, startsAt, currency }: NewDiscount) {
  const amount = (minor: number) => decimalOf({ minor: BigInt(minor), currency });
  const { value, minimumSpend } = terms;
  const discount = {
    title,
    code,
    startsAt: startsAt.toISOString(),
    context: { all: "ALL" as const },
    minimumRequirement:
      minimumSpend === null ? null : { subtotal: { greaterThanOrEqualToSubtotal: amount(minimumSpend) } },
    usageLimit: terms.usageLimit,
    appliesOncePerCustomer: terms.oncePerCustomer,
  };
  if (value.type === "free_shipping") {
    const answer = await admin.ask(CreateFreeShippingDocument, {
      discount: { ...discount, destination: { all: true } },
    });
    return answer.discountCodeFreeShippingCreate;
  }
  const off =
    value.type === "percentage"
      ? { percentage: value.percent / 100 } // a fraction: 0.1 is 10 %
      : { discountAmount: { amount: amount(value.minor), appliesOnEachItem: false } };
  const answer = await admin.ask(CreateDiscountDocument, {
    discount: { ...discount, customerGets: { items: { all: true }, value: off } },
  });
  return answer.discountCodeBasicCreate;
}

/** How long Shopify may take to add or to delete codes; both are asynchronous. */
const BULK_MS = 15_000;

/**
 * Adds codes (at most CODES_PER_CALL) to a discount and waits until they work.
 * @returns why Shopify refused the whole call, or the codes that it refused
 * @throws AdminUnavailable when it takes too long: whether the codes work is then to be looked up
 * @throws DiscountGone
 */
export async function addCodes(
  admin: AdminClient,
  discountGid: string,
  codes: readonly string[],
): Promise<{ errors: UserError[]; refused: RefusedCode[] }> {
  const { discountRedeemCodeBulkAdd: started } = await admin.ask(AddCodesDocument, {
    discountId: discountGid,
    codes: codes.map((code) => ({ code })),
  });
  const creationGid = started?.bulkCreation?.id;
  if (!creationGid) {
    if (!(await hasDiscount(admin, discountGid))) throw new DiscountGone(discountGid);
    const { userErrors = [] } = started ?? {};
    return { errors: userErrors.length > 0 ? userErrors : [{ code: null, message: "refused" }], refused: [] };
  }
  const creation = await untilDone("adding discount codes", async () => {
    const { discountRedeemCodeBulkCreation: creation } = await admin.ask(CodesAddedDocument, { id: creationGid });
    return creation;
  });
  const refused = creation.codes.nodes.flatMap(({ code: couponCode, errors: [reason] }) =>
    reason ? [{ couponCode, code: reason.code, message: reason.message }] : [],
  );
  // A discount that is deleted while codes are added to it refuses each of them.
  const isOdd = refused.some(({ code }) => code !== "TAKEN");
  if (isOdd && !(await hasDiscount(admin, discountGid))) throw new DiscountGone(discountGid);
  return { errors: [], refused };
}

/** Looks at something that Shopify does in the background until it is done. */
async function untilDone<Work extends { readonly done: boolean }>(
  what: string,
  look: () => Promise<Work | null | undefined>,
): Promise<Work> {
  const deadline = performance.now() + BULK_MS;
  for (let pause = 200; performance.now() < deadline; pause = Math.min(pause * 2, 2000)) {
    const work = await look();
    if (work?.done) return work;
    await sleep(pause);
  }
  throw new AdminUnavailable(what, null);
}

/**
 * Takes codes (at most CODES_PER_CALL) out of a discount and waits until they are gone; ids that it has not got do no harm.
 * @throws AdminUnavailable when it takes too long: whether they are gone is then to be looked up
 */
export async function deleteCodes(
  admin: AdminClient,
  discountGid: string,
  codeGids: readonly string[],
): Promise<{ errors: UserError[] }> {
  const { discountCodeRedeemCodeBulkDelete: deleted } = await admin.ask(DeleteCodesDocument, {
    discountId: discountGid,
    ids: [...codeGids],
  });
  const { job, userErrors: errors = [] } = deleted ?? {};
  if (errors.length > 0) return { errors };
  if (!job) return { errors: [{ code: null, message: "refused" }] };
  await untilDone("deleting discount codes", async () => (await admin.ask(JobDoneDocument, { id: job.id })).job);
  return { errors };
}
