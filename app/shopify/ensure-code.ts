import type pg from "pg";
import type { DiscountTerms } from "#app/domain/rewards/discount-terms.ts";
import { withLease } from "#app/queue/lease.ts";
import type { AdminClient } from "./admin/client.ts";
import { addCodes, createDiscount, findCode, type UserError } from "./admin/discounts.ts";

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
 * always looks first. A discount is made once per terms: whoever makes it holds a lease, and `keepGid` writes it down
 * before the lease ends.
 * @throws AdminUnavailable and the like when it is to be tried again
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
    const made = await deps.readGid();
    if (made) return addTo(admin, made, code);
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

async function addTo(admin: AdminClient, discountGid: string, code: string): Promise<EnsuredCode> {
  const { errors, refused: refusedCodes } = await addCodes(admin, discountGid, [code]);
  const refused = errors[0] ?? refusedCodes[0];
  return refused ? { works: false, because: wordOf(refused) } : { works: true, discountGid };
}

function wordOf(error: UserError | undefined): string {
  return error?.code ?? error?.message ?? "refused without a reason";
}
