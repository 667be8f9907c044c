import type { Prisma } from "@prisma/client";
import type { Emission } from "#app/catalog/catalog.ts";

/** The transaction of one decision, guarded: a query that forgets the shop throws (app/db/guard.ts). */
export type Tx = Prisma.TransactionClient;

/** What the domain may know of the shop it decides for. */
export type ShopFacts = {
  readonly id: string;
  readonly domain: string;
  readonly name: string;
  /** ISO 4217 */
  readonly currency: string;
  readonly locale: string;
  readonly timezone: string;
  /** Where its customers shop, scheme and port included, no trailing slash. */
  readonly primaryDomainUrl: string;
  /** Path of the app proxy on that domain, `/apps/passalong` unless the merchant changed it. */
  readonly proxyPath: string;
};

/** An effect outside the process, requested inside the decision's transaction and done by a job afterwards. */
export type Task =
  /** Make the coupon of a reward work in Shopify; the reward row already says `issuing`. */
  | { readonly kind: "issue-coupon"; readonly couponId: string }
  /** Take a coupon out of Shopify: expired or clawed back. */
  | { readonly kind: "disable-coupon"; readonly couponId: string }
  /** Bring a discount's stock of unclaimed codes back to its level. */
  | { readonly kind: "stock-coupons"; readonly discountId: string }
  /** Make the codes that customers have of a discount work again, which was deleted; those of later coupons than `after`. */
  | { readonly kind: "remake-codes"; readonly discountId: string; readonly after: string }
  /** Move the referrers' own codes to the discount of the terms in force. */
  | { readonly kind: "move-codes" };

/** All that a decision gets. One decision = one transaction (app/transact.server.ts). */
export type Context = {
  readonly shop: ShopFacts;
  readonly tx: Tx;
  /** Business time of the decision. */
  readonly now: Date;
  /** Tells the connected ESPs: writes the outbox event and its deliveries. The same cause never tells twice. */
  readonly emit: (emission: Emission) => Promise<void>;
  /** Requests an effect; it happens after the commit, or not at all. */
  readonly ask: (task: Task) => Promise<void>;
};
