import { atSecond } from "./dates.ts";
import type { Platform } from "./platform.ts";
import { type BulkCreation, type BulkDeletion, type Discount, type RedeemCode, type Shop, takeId } from "./state.ts";

/** Shopify adds and deletes codes in the background: two polls or `bulkMs`, whichever comes first. */
const BULK_POLLS = 2;
const CODE_LIMIT = 255;

/** Why the shop refuses the code, or null. Codes are unique without case. */
export function codeProblem(shop: Shop, code: string): { code: string; message: string } | null {
  if (code.trim() === "") return { code: "BLANK", message: "Code can't be blank" };
  if (code.length > CODE_LIMIT) {
    return { code: "TOO_LONG", message: `Code is too long (maximum is ${CODE_LIMIT} characters)` };
  }
  if (/[\r\n]/.test(code)) return { code: "INVALID", message: "Code can't contain new lines" };
  if (shop.codes[code.toLowerCase()]) {
    return { code: "TAKEN", message: "Code must be unique. Please try a different code." };
  }
  return null;
}

export function addCode(platform: Platform, shop: Shop, discount: Discount, code: string): RedeemCode {
  const added = { id: takeId(platform.state), code, discountId: discount.id, uses: [] };
  shop.codes[code.toLowerCase()] = added;
  return added;
}

/** Queues up to 250 codes; they work once the import is done, and each says why it failed. */
export function startBulkCreation(platform: Platform, shop: Shop, discount: Discount, codes: string[]): BulkCreation {
  const creation: BulkCreation = {
    id: takeId(platform.state),
    discountId: discount.id,
    createdAt: atSecond(platform.clock.now()),
    readyAt: Date.now() + platform.adminApi.bulkMs,
    polls: 0,
    done: false,
    entries: codes.map((code) => ({ code, codeId: null, error: null })),
  };
  shop.bulkCreations.push(creation);
  return creation;
}

/** Queues codes for deletion; they work until it is done. */
export function startBulkDeletion(platform: Platform, shop: Shop, discount: Discount, codeIds: number[]): BulkDeletion {
  const deletion: BulkDeletion = {
    id: takeId(platform.state),
    discountId: discount.id,
    codeIds,
    readyAt: Date.now() + platform.adminApi.bulkMs,
    polls: 0,
    done: false,
  };
  shop.bulkDeletions.push(deletion);
  return deletion;
}

/** Deletes and imports what is due. Called before anything looks at codes. */
export function advanceBulkWork(platform: Platform, shop: Shop): void {
  for (const deletion of shop.bulkDeletions) if (isDue(deletion)) deleteCodes(shop, deletion);
  for (const creation of shop.bulkCreations) {
    if (!isDue(creation)) continue;
    creation.done = true;
    const discount = shop.discounts.find((candidate) => candidate.id === creation.discountId);
    for (const entry of creation.entries) {
      entry.error = discount
        ? (codeProblem(shop, entry.code) ?? trouble(platform))
        : { code: "INVALID", message: "The discount does not exist any more" };
      if (discount && !entry.error) entry.codeId = addCode(platform, shop, discount, entry.code).id;
    }
  }
}

function isDue({ done, readyAt, polls }: BulkCreation | BulkDeletion): boolean {
  return !done && (readyAt <= Date.now() || polls >= BULK_POLLS);
}

function deleteCodes(shop: Shop, deletion: BulkDeletion): void {
  deletion.done = true;
  for (const [key, code] of Object.entries(shop.codes)) {
    if (code.discountId === deletion.discountId && deletion.codeIds.includes(code.id)) delete shop.codes[key];
  }
}

/** A refusal on demand. */
function trouble({ adminApi }: Platform): { code: string; message: string } | null {
  if (adminApi.refuseCodes === 0) return null;
  adminApi.refuseCodes -= 1;
  return { code: "INVALID", message: "Code is invalid" };
}
