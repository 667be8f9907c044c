import type { z } from "zod";
import type { EventEntry } from "./entry.ts";
import * as referral from "./referral-events.ts";
import { type ReferrerProperties, referrerProperties } from "./referrer-properties.ts";

/** The catalogue: every event we tell the world. */
export const events = {
  "opted-in.referrer": referral.optedInReferrer,
  "opted-in.recipient": referral.optedInRecipient,
  "sent.referrer": referral.sentReferral,
  "invitation.recipient": referral.invitation,
  "link-used.referrer": referral.linkUsed,
  "received-coupon.recipient": referral.receivedCouponRecipient,
  "received-coupon.referrer": referral.receivedCouponReferrer,
  "redeemed-coupon.recipient": referral.redeemedCouponRecipient,
  "redeemed-coupon.referrer": referral.redeemedCouponReferrer,
  "rejected.recipient": referral.rejectedRecipient,
  "rejected.referrer": referral.rejectedReferrer,
} as const satisfies Record<string, EventEntry>;

/** Sets of profile properties that are kept up to date. */
export const propertySets = {
  "properties.referrer": referrerProperties,
} as const satisfies Record<string, z.ZodObject>;

export type EventKey = keyof typeof events;
export type PropertySetKey = keyof typeof propertySets;

/** The profile properties of a person, by canonical name. */
export type Properties = ReferrerProperties;

/** What `emit()` takes: an event with the profile properties as of the event, or the properties alone. */
export type Emission =
  | {
      [K in EventKey]: {
        readonly entry: K;
        readonly personId: string;
        /** What brought it about, e.g. a transition's id: the same cause and entry are told once. */
        readonly cause: string;
        /** Business time; the decision's own if absent. */
        readonly at?: Date;
        readonly payload: z.output<(typeof events)[K]["properties"]>;
        readonly properties?: Properties;
      };
    }[EventKey]
  | {
      readonly entry: PropertySetKey;
      readonly personId: string;
      readonly cause: string;
      readonly at?: Date;
      readonly properties: Properties;
    };

export function isEventKey(entry: string): entry is EventKey {
  return Object.hasOwn(events, entry);
}
