import { expect } from "vitest";
import type { KlaviyoClient } from "#tests/simulator/klaviyo/client.ts";

/** One call of an account's key, oldest first among others; `attributes` is what its body says. */
export type Call = { readonly path: string; readonly attributes: Attributes };

type Attributes = {
  readonly metric?: { readonly data: { readonly attributes: { readonly name: string } } };
  readonly [name: string]: unknown;
};

export const ISO_PATTERN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const ISO: unknown = expect.stringMatching(ISO_PATTERN);

/** The calls that told Klaviyo something and were accepted, in the order in which they came. */
export async function acceptedCalls(klaviyo: KlaviyoClient, account: string): Promise<Call[]> {
  const requests = await klaviyo.requests(account);
  return requests
    .filter(({ method, status }) => method === "POST" && status < 300)
    .map(({ path, body }) => ({ path, attributes: JSON.parse(body).data.attributes }))
    .toReversed();
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
 */
export function eventBody(name: string, email: string, properties: object, profile: object): object {
  return {
    metric: { data: { type: "metric", attributes: { name } } },
    profile: { data: { type: "profile", attributes: { email, ...profile } } },
    properties,
    time: ISO,
    unique_id: expect.stringMatching(/^evt_[0-9a-z]+$/),
  };
}
