import { z } from "zod";

/** Minor units of the shop's currency. */
const minorUnits = z.int().nonnegative();

/** What a coupon takes off. */
export const rewardValue = z.discriminatedUnion("type", [
  z.object({ type: z.literal("percentage"), percent: z.number().positive().max(100) }),
  z.object({ type: z.literal("fixed"), minor: minorUnits.positive() }),
  z.object({ type: z.literal("free_shipping") }),
]);
export type RewardValue = z.output<typeof rewardValue>;

/** What one role gets. */
export const rewardTerms = z.object({
  value: rewardValue,
  /** What the cart must come to before the coupon works; null: nothing. */
  minimumSpend: minorUnits.positive().nullable().default(null),
  /** Days after issue that the coupon works, a friend's no longer than their claim; null: for ever. */
  expiresInDays: z.int().positive().max(3650).nullable(),
  /** Leads the generated codes. */
  codePrefix: z.string().regex(/^[A-Z0-9]{0,12}$/),
  /** What messages call it; generated at first, the merchant's own afterwards. */
  description: z.string().min(1).max(200),
});
export type RewardTerms = z.output<typeof rewardTerms>;

/** The rules of a referral program; a ProgramVersion holds them and never changes. */
export const programTerms = z.object({
  recipientReward: rewardTerms,
  referrerReward: rewardTerms,
  /** Days between the paid order and approval. */
  holdDays: z.int().nonnegative().max(365),
  /** An order refunded below it does not count. */
  minimumOrderRevenue: minorUnits,
  /** Only someone with no earlier paid order is a new customer. */
  firstOrderOnly: z.boolean(),
  /** Whether an order counts that carries a referrer's code without a claim before it. */
  countsUnclaimed: z.boolean().default(true),
  /** Whether a friend's address is verified by a link before they get their coupon. */
  verifyAddress: z.boolean().default(false),
  /** Days that a friend has: to claim an invitation, to verify, to order after claiming unless the coupon ends before. */
  claimDays: z.int().positive().max(365).default(60),
  /** Whether revenue includes the tax in the prices. */
  revenueWithTax: z.boolean().default(false),
});
export type ProgramTerms = z.output<typeof programTerms>;

/** The program a shop starts with: 10 % for both (a percentage means the same in dollars and in yen), no hold. */
export const defaultTerms: ProgramTerms = programTerms.parse({
  recipientReward: {
    value: { type: "percentage", percent: 10 },
    expiresInDays: 30,
    codePrefix: "FRIEND",
    description: "10% off first order",
  },
  referrerReward: {
    value: { type: "percentage", percent: 10 },
    expiresInDays: 90,
    codePrefix: "THANKS",
    description: "10% off your next order",
  },
  holdDays: 0,
  minimumOrderRevenue: 1,
  firstOrderOnly: true,
});
