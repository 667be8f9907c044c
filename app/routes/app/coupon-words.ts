import type { TFunction } from "i18next";

/** Why a code does not work in Shopify, in words; `reason` is Shopify's own, or ours where it did not answer. */
export function whyCodeFailed(t: TFunction, reason: string | null): string {
  if (reason === "TAKEN") return t("coupon.failed.taken");
  if (reason === "shopify_unavailable") return t("coupon.failed.unavailable");
  return t("coupon.failed.other", { reason });
}
