import type { AdminClient } from "./admin/client.ts";
import { deleteCodes, findCode, hasDiscount, type LiveCode } from "./admin/discounts.ts";
import { AdminRefused, AdminUnavailable, DiscountGone } from "./admin/errors.ts";
import type { EnsureDeps, WantedDiscount } from "./ensure-code.ts";
import { type EnsuredCodes, ensureCodes } from "./ensure-codes.ts";

/** A discount that we made in the shop, or were making: its gid is then not known. */
export type OwnDiscount = { readonly id: string; readonly gid: string | null; readonly title: string };

export type MoveDeps = {
  /** Of the discount that the codes move to. */
  readonly deps: EnsureDeps;
  readonly own: readonly OwnDiscount[];
  readonly keepGid: (discountId: string, gid: string) => Promise<void>;
};

/**
 * Makes codes of ours work in the wanted discount and in no other, wherever an earlier try left them. A code can be in
 * one discount only, so there is a moment in which it is in none: all is looked up before the first one is deleted, also
 * whether there is still a discount to move to.
 * @returns the codes that work there now, and those that are in a discount of somebody else's. Codes of neither are to be
 * moved by another call: the code that a new discount is made with goes ahead alone.
 * @throws AdminUnavailable and the like when it is to be tried again, DiscountGone where the merchant deleted the discount
 * that they move to
 */
export async function moveCodes(
  { deps, own, keepGid }: MoveDeps,
  wanted: WantedDiscount,
  codes: readonly string[],
): Promise<EnsuredCodes> {
  const { id, gid } = wanted.discount;
  if (gid && !(await hasDiscount(deps.admin, gid))) throw new DiscountGone(gid);
  const batch = gid ? codes : codes.slice(0, 1);
  const refused = new Map<string, string>();
  const elsewhere = new Map<string, string[]>();
  for (const code of batch) {
    const found = await findCode(deps.admin, code);
    if (!found) continue;
    const owner = ownerOf(found, own);
    if (!owner) refused.set(code, "TAKEN");
    else if (owner.gid === null) await keepGid(owner.id, found.discountGid);
    if (!owner || owner.id === id) continue;
    if (!found.codeGid) throw new AdminUnavailable(`looking up a code of ${owner.title}`, null);
    elsewhere.set(found.discountGid, [...(elsewhere.get(found.discountGid) ?? []), found.codeGid]);
  }
  for (const [discountGid, codeGids] of elsewhere) await takeOut(deps.admin, discountGid, codeGids);
  const ours = batch.filter((code) => !refused.has(code));
  const current = { ...wanted, discount: { ...wanted.discount, gid: gid ?? (await deps.readGid()) } };
  const ensured = await ensureCodes(deps, current, ours);
  for (const [code, reason] of ensured.refused) {
    if (!current.discount.gid && reason !== "TAKEN") throw new AdminRefused(`making a discount: ${reason}`);
    const found = reason === "TAKEN" ? await findCode(deps.admin, code) : null;
    if (found && ownerOf(found, own)) throw new AdminUnavailable("deleting discount codes", null);
    refused.set(code, reason);
  }
  return { working: ensured.working, refused };
}

/** The discount of ours that a code is in; one that was made in a call without an answer is known by its title. */
function ownerOf({ discountGid, title }: LiveCode, own: readonly OwnDiscount[]): OwnDiscount | undefined {
  return (
    own.find(({ gid }) => gid === discountGid) ??
    own.find((discount) => discount.gid === null && discount.title === title)
  );
}

async function takeOut(admin: AdminClient, discountGid: string, codeGids: readonly string[]): Promise<void> {
  const { errors } = await deleteCodes(admin, discountGid, codeGids);
  if (errors.length > 0) throw new AdminRefused(`deleting codes: ${errors.map(({ message }) => message).join("; ")}`);
}
