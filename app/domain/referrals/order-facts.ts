import { z } from "zod";

/** Minor units as stored in JSON: a whole number in text, because JSON has no big integers. */
const minor = z.codec(z.string().regex(/^-?\d+$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (value) => value.toString(),
});
const moment = z.iso.datetime({ offset: true });

/** The buyer, as far as Shopify tells. Guests have no gid; without protected customer data there is nothing at all. */
export const buyer = z.object({
  gid: z.string().nullable(),
  /** Where this order's buyer can be reached: of a customer it may be somebody else's, as of one who gets a gift. */
  email: z.string().nullable(),
  phone: z.string().nullable(),
  /** What the customer has as their own; guests have nothing. */
  own: z.object({ email: z.string().nullable(), phone: z.string().nullable() }).optional(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  locale: z.string().nullable(),
  /** Where they live, where Shopify tells. */
  place: z
    .object({
      city: z.string().nullable(),
      region: z.string().nullable(),
      country: z.string().nullable(),
      zip: z.string().nullable(),
    })
    .optional(),
});
export type Buyer = z.output<typeof buyer>;

/**
 * An order as the rules see it, in the shop's currency. Made from the Admin API's answer
 * (app/shopify/admin/order.ts), never from a webhook's payload.
 */
export const orderFacts = z.object({
  gid: z.string(),
  /** As the merchant sees it: `#1001`. */
  name: z.string(),
  /** When the customer bought (`processedAt`; imports may differ from createdAt). */
  placedAt: moment,
  updatedAt: moment,
  cancelledAt: moment.nullable(),
  test: z.boolean(),
  /** Money arrived in full, whether or not some of it went back since. */
  paid: z.boolean(),
  /** Shopify's `sourceName`: web, pos, shopify_draft_order, subscription_contract …; null if unknown. */
  sourceName: z.string().nullable(),
  currency: z.string().length(3),
  presentmentCurrency: z.string().length(3),
  taxesIncluded: z.boolean(),
  buyer: buyer,
  /** Codes on the order with what each took off (line and order level). */
  discountCodes: z.array(z.object({ code: z.string(), amount: minor })),
  /** Cart attributes. */
  attributes: z.record(z.string(), z.string()),
  lines: z.array(
    z.object({
      gid: z.string(),
      giftCard: z.boolean(),
      /** Price × quantity less every discount allocated to it. */
      total: minor,
      /** Tax on it; part of `total` when the order's taxes are included. */
      tax: minor,
    }),
  ),
  /** Refunds whose money went back (a successful transaction, or none needed). */
  refunds: z.array(
    z.object({
      lines: z.array(z.object({ lineGid: z.string(), total: minor, tax: minor })),
      /** Given back beyond lines, their tax and shipping: "refund 5.00 of the order". */
      other: minor,
    }),
  ),
  /** What the customer paid in all, with tax and shipping. */
  totalPrice: minor,
});
export type OrderFacts = z.output<typeof orderFacts>;
