import { createHash } from "node:crypto";
import { z } from "zod";
import { type RewardTerms, type RewardValue, rewardValue } from "#app/domain/referrals/terms.ts";
import { decimalOf } from "#app/lib/money.ts";

/**
 * What all codes of one Shopify discount share. Expiry is not among them: `endsAt` belongs to the whole discount, so a
 * code that expires is deleted from it instead.
 */
export const discountTerms = z.object({
  value: rewardValue,
  /** What the cart must come to, in minor units of the shop's currency; null: nothing. */
  minimumSpend: z.int().positive().nullable().default(null),
  /** How often one code works in all; null: without limit (a referrer's own code). */
  usageLimit: z.int().positive().nullable(),
  oncePerCustomer: z.boolean(),
});
export type DiscountTerms = z.output<typeof discountTerms>;

/**
 * The discount behind the codes that pay rewards, each used once. Not once per customer: that would be one of all the
 * discount's codes, and whoever refers two friends has two.
 */
export function rewardDiscount({ value, minimumSpend }: RewardTerms): DiscountTerms {
  return { value, minimumSpend, usageLimit: 1, oncePerCustomer: false };
}

/** The discount behind the referrers' own codes: many friends, each once. */
export function friendsDiscount({ value, minimumSpend }: RewardTerms): DiscountTerms {
  return { value, minimumSpend, usageLimit: null, oncePerCustomer: true };
}

/** The same for the same terms. */
export function hashOf({ value, minimumSpend, usageLimit, oncePerCustomer }: DiscountTerms): string {
  const parts = [value.type, amountOf(value), minimumSpend, usageLimit, oncePerCustomer];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

function amountOf(value: RewardValue): number | null {
  switch (value.type) {
    case "percentage":
      return value.percent;
    case "fixed":
      return value.minor;
    case "free_shipping":
      return null;
  }
}

/** The discount's name in the merchant's list of discounts. */
export function titleOf({ value, minimumSpend, usageLimit }: DiscountTerms, currency: string): string {
  const money = (minor: number) => `${decimalOf({ minor: BigInt(minor), currency })} ${currency}`;
  const from = minimumSpend === null ? "" : ` from ${money(minimumSpend)}`;
  return `Passalong: ${whatOf(value, money)}${from} ${usageLimit === null ? "for friends" : "reward"}`;
}

function whatOf(value: RewardValue, money: (minor: number) => string): string {
  switch (value.type) {
    case "percentage":
      return `${value.percent}%`;
    case "fixed":
      return money(value.minor);
    case "free_shipping":
      return "free shipping";
  }
}
