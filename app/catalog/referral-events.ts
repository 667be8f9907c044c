import { z } from "zod";
import type { EventEntry } from "./entry.ts";
import { emailAddress, isoMoment } from "./fields.ts";

const couponProperties = z.object({
  "Coupon Code": z.string().describe("The discount code"),
  "Coupon Description": z.string().describe("What it gives"),
  "Coupon Expiry Date": isoMoment.optional().describe("Until when it works; absent if it does not expire"),
  "Date Received": isoMoment.describe("When it began to work"),
});

const redemptionProperties = z.object({
  "Date Redeemed": isoMoment.describe("When the order was placed"),
  "Order Discount Amount": z.number().nonnegative().describe("What the code took off, in major units"),
  "Order ID": z.string().describe("Shopify's order id"),
  "Order Number": z.string().describe("The order's name, always text"),
  "Order Total Price": z.number().nonnegative().describe("What was paid in all, in major units"),
  "Order Currency": z.string().length(3).describe("ISO 4217 code of both amounts"),
  "Coupon Code": z.string().describe("The discount code"),
});

const rejectionProperties = z.object({
  "Rejection Reason": z.string().describe("Why, in the merchant's or the rule's words"),
  "Rejection Type": z.enum(["manual", "automatic"]).describe("Whether a merchant or a rule rejected it"),
  "Should Notify Customer": z.boolean().describe("False: the merchant wants no message; flows filter on it"),
  Email: emailAddress.optional().describe("The friend's e-mail address, if they have one"),
});

const redemptionExample = {
  "Date Redeemed": "2026-11-05T05:35:55.144Z",
  "Order Discount Amount": 10,
  "Order ID": "5678901234567",
  "Order Number": "#1001",
  "Order Total Price": 90,
  "Order Currency": "USD",
};

const rejectionExample = {
  "Rejection Reason": "The friend is a customer already",
  "Rejection Type": "manual" as const,
  "Should Notify Customer": true,
  Email: "fern@grove.shop",
};

export const optedInReferrer = {
  name: "Opted In to Passalong Referrals",
  about: "referrer",
  when: "A customer joins the referral program.",
  properties: z.object({
    "Referrer Name": z.string().describe("Full name, as far as it is known"),
    "Referrer Email": emailAddress.describe("E-mail address"),
    "Date Opted-In": isoMoment.describe("When they joined"),
    "Referral Shareable Link": z.url().describe("The link that they share"),
  }),
  example: {
    "Referrer Name": "Ocean Grove",
    "Referrer Email": "ocean@grove.shop",
    "Date Opted-In": "2026-11-05T07:37:47.959Z",
    "Referral Shareable Link": "https://juniper.shop/apps/passalong/OCEAN7QK",
  },
} satisfies EventEntry;

export const optedInRecipient = {
  name: "Opted In to Passalong Referrals",
  about: "recipient",
  when: "A friend leaves their details; with the link that verifies their address where the program asks for that.",
  properties: z.object({
    "Recipient First Name": z.string().describe("First name"),
    "Recipient Last Name": z.string().describe("Last name"),
    "Recipient Email": emailAddress.describe("E-mail address"),
    "Date Opted-In": isoMoment.describe("When they left their details"),
    "Verification Link": z.url().optional().describe("Proves the address and gives the coupon; absent once verified"),
  }),
  example: {
    "Recipient First Name": "Fern",
    "Recipient Last Name": "Grove",
    "Recipient Email": "fern@grove.shop",
    "Date Opted-In": "2026-11-05T07:37:47.959Z",
    "Verification Link": "https://juniper.shop/apps/passalong/verify/q2w8…",
  },
} satisfies EventEntry;

export const sentReferral = {
  name: "Sent Passalong Referral",
  about: "referrer",
  when: "A referrer invites a friend by e-mail.",
  properties: z.object({
    "Referrer First Name": z.string().describe("First name"),
    "Referrer Last Name": z.string().describe("Last name"),
    "Recipient Email": emailAddress.describe("The friend's e-mail address"),
    "Date Sent": isoMoment.describe("When they invited"),
  }),
  example: {
    "Referrer First Name": "Ocean",
    "Referrer Last Name": "Grove",
    "Recipient Email": "fern@grove.shop",
    "Date Sent": "2026-11-05T07:36:18.560Z",
  },
} satisfies EventEntry;

export const invitation = {
  name: "Passalong Referral Invitation",
  about: "recipient",
  when: "A friend is invited by e-mail.",
  properties: sentReferral.properties.extend({
    "Referral Shareable Link": z.url().describe("The referrer's link, where the friend claims the offer"),
  }),
  example: {
    ...sentReferral.example,
    "Referral Shareable Link": "https://juniper.shop/apps/passalong/OCEAN7QK",
  },
} satisfies EventEntry;

export const linkUsed = {
  name: "Passalong Shareable Link Used",
  about: "referrer",
  when: "A friend who came by the link has left their details.",
  properties: z.object({
    "Recipient Full Name": z.string().describe("The friend's name"),
    "Recipient Email": emailAddress.describe("The friend's e-mail address"),
    "Date Opted-In": isoMoment.describe("When they left their details"),
  }),
  example: {
    "Recipient Full Name": "Fern Grove",
    "Recipient Email": "fern@grove.shop",
    "Date Opted-In": "2026-11-05T07:37:47.959Z",
  },
} satisfies EventEntry;

export const receivedCouponRecipient = {
  name: "Received Passalong Referral Coupon",
  about: "recipient",
  when: "A friend has got their coupon, and it works in the shop.",
  properties: couponProperties,
  example: {
    "Coupon Code": "FRIEND-7QKX2MHRWD",
    "Coupon Description": "10% off first order",
    "Coupon Expiry Date": "2026-12-05T05:36:01.049Z",
    "Date Received": "2026-11-05T05:35:55.144Z",
  },
} satisfies EventEntry;

export const receivedCouponReferrer = {
  name: "Received Passalong Referral Coupon",
  about: "referrer",
  when: "A referral became successful and the referrer's coupon works in the shop.",
  properties: couponProperties,
  example: {
    "Coupon Code": "THANKS-7QKX2MHRWD",
    "Coupon Description": "10% off your next order",
    "Coupon Expiry Date": "2027-02-03T05:36:01.049Z",
    "Date Received": "2026-11-05T05:35:55.144Z",
  },
} satisfies EventEntry;

export const redeemedCouponRecipient = {
  name: "Redeemed Passalong Referral Coupon",
  about: "recipient",
  when: "A friend used the referral's discount code on a paid order.",
  properties: redemptionProperties,
  example: { ...redemptionExample, "Coupon Code": "FRIEND-7QKX2MHRWD" },
} satisfies EventEntry;

export const redeemedCouponReferrer = {
  name: "Redeemed Passalong Referral Coupon",
  about: "referrer",
  when: "A referrer used their coupon on a paid order.",
  properties: redemptionProperties,
  example: { ...redemptionExample, "Coupon Code": "THANKS-7QKX2MHRWD" },
} satisfies EventEntry;

export const rejectedRecipient = {
  name: "Passalong Referral Rejected",
  about: "recipient",
  when: "A referral was rejected, for the friend.",
  properties: rejectionProperties,
  example: rejectionExample,
} satisfies EventEntry;

export const rejectedReferrer = {
  name: "Passalong Referral Rejected",
  about: "referrer",
  when: "A referral was rejected, for the referrer.",
  properties: rejectionProperties,
  example: rejectionExample,
} satisfies EventEntry;
