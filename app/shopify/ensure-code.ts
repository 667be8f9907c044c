import type pg from "pg";
import type { DiscountTerms } from "#app/domain/rewards/discount-terms.ts";
import { withLease } from "#app/queue/lease.ts";
import type { AdminClient } from "./admin/client.ts";
import { addCodes, createDiscount, findCode, type RefusedCode, type UserError } from "./admin/discounts.ts";

/** A discount that codes are wanted of, as far as we know it. */
export type WantedDiscount = {
  readonly shopId: string;
  readonly discount: {
    readonly id: string;
    /** Null until Shopify has it. */
    readonly gid: string | null;
    readonly title: string;
    readonly terms: DiscountTerms;
  };
  /** The shop's. */
  readonly currency: string;
  /** Business time. */
  readonly now: Date;
};

export type WantedCode = WantedDiscount & { readonly code: string };

export type EnsureDeps = {
  readonly pool: pg.Pool;
  readonly admin: AdminClient;
  /** The discount's gid as it is written down now. */
  readonly readGid: () => Promise<string | null>;
  readonly keepGid: (gid: string) => Promise<void>;
  /** The code that the discount was last asked to be made with. */
  readonly readFirstCode: () => Promise<string | null>;
  readonly keepFirstCode: (code: string) => Promise<void>;
};

export type EnsuredCode =
  | { readonly works: true; readonly discountGid: string }
  /** Shopify will never take it; `because` is Shopify's word for it. */
  | { readonly works: false; readonly because: string };

/** A discount that starts in Shopify's future does not work yet, and our clock may be ahead of theirs. */
const CLOCK_SKEW_MS = 60_000;

/** Longer than creating a discount may take. */
const LEASE_SECONDS = 30;

/**
 * Makes a code work in Shopify, whatever was done before: after a time-out nobody knows whether it came through, so it
 * always looks first. A discount is made once per terms: whoever makes it holds a lease, writes down with which code
 * before, and with `keepGid` that it is there before the lease ends.
 * @throws AdminUnavailable and the like when it is to be tried again, DiscountGone where the merchant deleted the discount
 */
export async function ensureCode(deps: EnsureDeps, wanted: WantedCode): Promise<EnsuredCode> {
  const { admin } = deps;
  const { code, discount } = wanted;
  const found = await findCode(admin, code);
  if (found?.discountGid === discount.gid && discount.gid) return { works: true, discountGid: discount.gid };
  if (found && (discount.gid || found.title !== discount.title)) return { works: false, because: "TAKEN" };
  if (found) {
    await deps.keepGid(found.discountGid);
    return { works: true, discountGid: found.discountGid };
  }
  if (discount.gid) return addTo(admin, discount.gid, code);
  const lease = { id: `create-discount:${discount.id}`, shopId: wanted.shopId, seconds: LEASE_SECONDS };
  return withLease(deps.pool, lease, async () => {
    const made = (await deps.readGid()) ?? (await findMade(deps, discount.title));
    if (made) return addTo(admin, made, code);
    await deps.keepFirstCode(code);
    const created = await createDiscount(admin, {
      terms: discount.terms,
      title: discount.title,
      code,
      startsAt: new Date(wanted.now.getTime() - CLOCK_SKEW_MS),
      currency: wanted.currency,
    });
    if ("errors" in created) return { works: false, because: wordOf(created.errors[0]) };
    await deps.keepGid(created.discountGid);
    return { works: true, discountGid: created.discountGid };
  });
}

/** The discount, where it was made in a call whose answer never came, for whichever code. */
async function findMade({ admin, readFirstCode, keepGid }: EnsureDeps, title: string): Promise<string | null> {
  const code = await readFirstCode();
  const found = code === null ? null : await findCode(admin, code);
  if (found?.title !== title) return null;
  await keepGid(found.discountGid);
  return found.discountGid;
}

async function addTo(admin: AdminClient, discountGid: string, code: string): Promise<EnsuredCode> {
  const { errors, refused } = await addCodes(admin, discountGid, [code]);
  const [whole] = errors;
  if (whole) return { works: false, because: wordOf(whole) };
  const [one] = refused;
  if (!one || (await isThereAlready(admin, discountGid, one))) return { works: true, discountGid };
  return { works: false, because: wordOf(one) };
}

/** A code that is taken may be ours: added by a call whose answer never came, or came too late. */
export async function isThereAlready(admin: AdminClient, discountGid: string, refusal: RefusedCode): Promise<boolean> {
  if (refusal.code !== "TAKEN") return false;
  return (await findCode(admin, refusal.couponCode))?.discountGid === discountGid;
}

function wordOf(error: UserError | undefined): string {
  return error?.code ?? error?.message ?? "refused without a reason";
}
