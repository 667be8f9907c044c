import { expect } from "vitest";
import type { KlaviyoClient } from "#tests/simulator/klaviyo/client.ts";
import { codeOf, type Shopper } from "./visits.ts";

/** One call of an account's key, oldest first among others; `attributes` is what its body says. */
export type Call = {
  readonly path: string;
  readonly attributes: Attributes;
  /** The properties that it removes from the profile. */
  readonly unset: readonly string[];
};

type Attributes = {
  readonly email?: string;
  readonly profile?: { readonly data: { readonly attributes: { readonly email: string } } };
  readonly metric?: { readonly data: { readonly attributes: { readonly name: string } } };
  readonly time?: string;
  readonly [name: string]: unknown;
};

export const ISO_PATTERN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const ISO: unknown = expect.stringMatching(ISO_PATTERN);

/** The calls that told Klaviyo something and were accepted, in the order in which they came. */
export async function acceptedCalls(klaviyo: KlaviyoClient, account: string): Promise<Call[]> {
  const requests = await klaviyo.requests(account);
  return requests
    .filter(({ method, status }) => method === "POST" && status < 300)
    .map(({ path, body }) => {
      const { attributes, meta } = JSON.parse(body).data;
      return { path, attributes, unset: meta?.patch_properties?.unset ?? [] };
    })
    .toReversed();
}

/** Whose profile a call is about. */
export function addressOf({ attributes: { email, profile } }: Call): string {
  return email ?? profile?.data.attributes.email ?? "";
}

/** The one event of that name. */
export function eventCall(calls: readonly Call[], name: string): Attributes | undefined {
  const found = calls.filter(({ attributes }) => attributes.metric?.data.attributes.name === name);
  expect(found, name).toHaveLength(1);
  return found[0]?.attributes;
}

/**
 * What is sent of an event, to the letter.
 * @param profile attributes of the profile besides the address: a new profile gets its fields, a filled one keeps its own
 * @param worth in dollars, of an event that has a worth
 */
export function eventBody(name: string, email: string, properties: object, profile: object, worth?: number): object {
  return {
    metric: { data: { type: "metric", attributes: { name } } },
    profile: { data: { type: "profile", attributes: { email, ...profile } } },
    properties,
    time: ISO,
    ...(worth === undefined ? {} : { value: worth, value_currency: "USD" }),
    unique_id: expect.stringMatching(/^evt_[0-9a-z]+$/),
  };
}

/** Where the simulated shop's customers live. */
export const HOME = { location: { city: "Springfield", region: "Illinois", country: "United States", zip: "62701" } };

/** What somebody says of themselves. */
export function nameOf({ first, last }: Shopper): object {
  return { first_name: first, last_name: last, locale: "en" };
}

/** The standard fields of a customer's profile. */
export function fieldsOf(customer: Shopper): object {
  return { ...nameOf(customer), ...HOME };
}

/** How a referrer's profile is made with an event before their first success: there is no date of it. */
export function joinedProfile(referrer: Shopper, link: string) {
  const meta = { patch_properties: { unset: ["Passalong Latest Successful Referral Date"] } };
  return { ...fieldsOf(referrer), properties: referrerProperties(referrer, link), meta };
}

/** A referrer's whole set of properties, before the first success. */
export function referrerProperties({ first, last }: Shopper, link: string) {
  return {
    "Passalong Referral Shareable Link": link,
    "Passalong Number of Successful Referrals": 0,
    "Passalong Total Successful Referral Revenue": 0,
    "Passalong Referral Code": codeOf(link),
    "Passalong Given Name": first,
    "Passalong Family Name": last,
  };
}
