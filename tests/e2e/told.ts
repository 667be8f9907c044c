import { eventBody, HOME, ISO, joinedProfile, nameOf, referrerProperties } from "./calls.ts";
import type { Shopper } from "./visits.ts";

/** What Klaviyo is told in a referral's whole story (story.test.ts), call by call, to each of the two people. */

export const OPTED_IN = "Opted In to Passalong Referrals";
export const RECEIVED = "Received Passalong Referral Coupon";
export const REDEEMED = "Redeemed Passalong Referral Coupon";
const LINK_USED = "Passalong Shareable Link Used";
const LATEST_SUCCESS = "Passalong Latest Successful Referral Date";

type Given = { readonly coupon: string; readonly order: string | undefined };

/** Joins; hears that the link was used; after the hold has figures and a coupon, and uses it; the refund takes the figures. */
export function toldToReferrer(
  referrer: Shopper,
  friend: Shopper,
  { link, coupon, order }: Given & { readonly link: string },
) {
  const send = to(referrer, "referrer");
  const joined = referrerProperties(referrer, link);
  const successful = {
    ...joined,
    "Passalong Number of Successful Referrals": 1,
    "Passalong Total Successful Referral Revenue": 81,
    [LATEST_SUCCESS]: ISO,
  };
  return [
    send.event(
      OPTED_IN,
      {
        "Referrer Name": `${referrer.first} ${referrer.last}`,
        "Referrer Email": referrer.email,
        "Date Opted-In": ISO,
        "Referral Shareable Link": link,
      },
      { profile: joinedProfile(referrer, link) },
    ),
    send.event(LINK_USED, {
      "Recipient Full Name": `${friend.first} ${friend.last}`,
      "Recipient Email": friend.email,
      "Date Opted-In": ISO,
    }),
    send.properties(successful),
    send.event(
      RECEIVED,
      {
        "Coupon Code": coupon,
        "Coupon Description": "10% off your next order",
        "Coupon Expiry Date": ISO,
        "Date Received": ISO,
      },
      { profile: { properties: successful } },
    ),
    send.event(
      REDEEMED,
      {
        "Date Redeemed": ISO,
        "Order Discount Amount": 2.8,
        "Order ID": order,
        "Order Number": "#1002",
        "Order Total Price": 30.2,
        "Order Currency": "USD",
        "Coupon Code": coupon,
      },
      { worth: 30.2 },
    ),
    send.properties(joined, [LATEST_SUCCESS]),
  ];
}

/** Leaves their details; has the coupon once they are verified; uses it. Nobody tells them of hold and refund. */
export function toldToFriend(
  friend: Shopper,
  { verificationLink, coupon, order }: Given & { readonly verificationLink: string },
) {
  const send = to(friend, "recipient");
  return [
    send.event(
      OPTED_IN,
      {
        "Recipient First Name": friend.first,
        "Recipient Last Name": friend.last,
        "Recipient Email": friend.email,
        "Date Opted-In": ISO,
        "Verification Link": verificationLink,
      },
      { profile: nameOf(friend) },
    ),
    send.event(RECEIVED, {
      "Coupon Code": coupon,
      "Coupon Description": "10% off first order",
      "Coupon Expiry Date": ISO,
      "Date Received": ISO,
    }),
    send.event(
      REDEEMED,
      {
        "Date Redeemed": ISO,
        "Order Discount Amount": 9,
        "Order ID": order,
        "Order Number": "#1001",
        "Order Total Price": 86,
        "Order Currency": "USD",
        "Coupon Code": coupon,
      },
      { profile: HOME, worth: 86 },
    ),
  ];
}

/** Calls about one person. */
function to({ email }: Shopper, role: "referrer" | "recipient") {
  const common = { Locale: "en", "Customer Role": role };
  return {
    event(name: string, properties: object, also: { readonly profile?: object; readonly worth?: number } = {}) {
      const attributes = eventBody(name, email, { ...properties, ...common }, also.profile ?? {}, also.worth);
      return { path: "/api/events", attributes, unset: [] };
    },
    /** A whole property set; `unset` are those that it removes. */
    properties(properties: object, unset: readonly string[] = []) {
      return { path: "/api/profile-import", attributes: { email, properties }, unset };
    },
  };
}
