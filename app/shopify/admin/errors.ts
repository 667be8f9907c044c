/** The shop's tokens no longer work, or it has none: only the merchant's next visit can make new ones. */
export class ReconnectNeeded extends Error {
  override readonly name = "ReconnectNeeded";
  readonly shopDomain: string;
  constructor(shopDomain: string) {
    super(`${shopDomain} has no token that works`);
    this.shopDomain = shopDomain;
  }
}

/**
 * Shopify could not be reached or would not answer now: worth another try.
 * 402 and 423: the shop is frozen or locked · 403: our address is not on the app's allowlist · null: no answer at all.
 */
export class AdminUnavailable extends Error {
  override readonly name = "AdminUnavailable";
  readonly status: number | null;
  constructor(what: string, status: number | null, cause?: unknown) {
    super(status === null ? `${what}: no answer` : `${what}: HTTP ${status}`, { cause });
    this.status = status;
  }
}

/** The merchant deleted a discount of ours. */
export class DiscountGone extends Error {
  override readonly name = "DiscountGone";
  readonly discountGid: string;
  constructor(discountGid: string) {
    super(`${discountGid} was deleted`);
    this.discountGid = discountGid;
  }
}

/** Shopify refused the operation itself: a mistake of ours, or a scope that the app does not have. */
export class AdminRefused extends Error {
  override readonly name = "AdminRefused";
}
