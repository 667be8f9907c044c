import type { AdminClient } from "./admin/client.ts";
import { addCodes } from "./admin/discounts.ts";
import { AdminRefused } from "./admin/errors.ts";
import { type EnsureDeps, ensureCode, isThereAlready, type WantedDiscount } from "./ensure-code.ts";

/** Codes of a discount: those that work, and those that Shopify will never take, with its word for why. */
export type EnsuredCodes = {
  readonly working: readonly string[];
  readonly refused: ReadonlyMap<string, string>;
};

/**
 * Makes many codes (at most CODES_PER_CALL) of a discount work in Shopify, whatever was done before: where a call got no
 * answer the same codes are given again, and Shopify says which are there already.
 * @throws AdminUnavailable and the like when it is to be tried again, DiscountGone where the merchant deleted the discount
 */
export async function ensureCodes(
  deps: EnsureDeps,
  wanted: WantedDiscount,
  codes: readonly string[],
): Promise<EnsuredCodes> {
  const { gid } = wanted.discount;
  if (gid) return addAll(deps.admin, gid, codes);
  const [first, ...rest] = codes;
  if (first === undefined) return { working: [], refused: new Map() };
  const made = await ensureCode(deps, { ...wanted, code: first });
  if (!made.works) return { working: [], refused: new Map([[first, made.because]]) };
  const { working, refused } = await addAll(deps.admin, made.discountGid, rest);
  return { working: [first, ...working], refused };
}

async function addAll(admin: AdminClient, discountGid: string, codes: readonly string[]): Promise<EnsuredCodes> {
  if (codes.length === 0) return { working: [], refused: new Map() };
  const answer = await addCodes(admin, discountGid, codes);
  const [whole] = answer.errors;
  if (whole) throw new AdminRefused(`adding codes: ${whole.message}`);
  const refused = new Map<string, string>();
  for (const refusal of answer.refused) {
    if (!(await isThereAlready(admin, discountGid, refusal))) {
      refused.set(refusal.couponCode, refusal.code ?? refusal.message);
    }
  }
  return { working: codes.filter((code) => !refused.has(code)), refused };
}
