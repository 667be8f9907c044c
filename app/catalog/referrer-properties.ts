import { z } from "zod";
import { isoMoment } from "./fields.ts";

/**
 * Profile properties of a referrer, by their canonical names with the default brand word.
 * Values are as of the moment they are written; all-time figures.
 */
export const referrerProperties = z.object({
  "Passalong Referral Shareable Link": z.url().describe("The link that the referrer shares"),
  "Passalong Number of Successful Referrals": z.int().nonnegative().describe("All time count of successful referrals"),
  "Passalong Total Successful Referral Revenue": z
    .number()
    .nonnegative()
    .describe("All time revenue of successful referrals, in major units of the shop's currency"),
  "Passalong Latest Successful Referral Date": isoMoment
    .optional()
    .describe("When the latest referral became successful; absent before the first"),
  "Passalong Referral Code": z.string().describe("The code in the link; also a discount code"),
  "Passalong Given Name": z.string().optional().describe("First name"),
  "Passalong Family Name": z.string().optional().describe("Last name"),
});

export type ReferrerProperties = z.output<typeof referrerProperties>;
