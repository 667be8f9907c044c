import { done, type Topic } from "./topic.ts";

/**
 * customers/data_request · customers/redact · shop/redact: answered and kept in the inbox, whose bodies go after 7 days.
 * Who and what they are about stands in the body; the route has compared it with the header.
 */
export const complianceRequested: Topic = {
  lane: () => null,
  handle: async () => done("recorded"),
};
