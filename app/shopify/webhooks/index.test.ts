import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { z } from "zod";
import { complianceTopics, shopTopics } from "./index.ts";

const subscription = z.object({
  topics: z.array(z.string()).default([]),
  compliance_topics: z.array(z.string()).default([]),
  uri: z.string(),
});
const { webhooks } = z
  .object({ webhooks: z.object({ subscriptions: z.array(subscription) }) })
  .parse(parse(readFileSync("shopify.app.toml", "utf8")));

function topicsAt(uri: string): string[] {
  return webhooks.subscriptions
    .filter((candidate) => candidate.uri === uri)
    .flatMap(({ topics, compliance_topics }) => [...topics, ...compliance_topics])
    .sort();
}

test("every topic that shopify.app.toml subscribes to has a handler, and no other", () => {
  expect(topicsAt("/webhooks")).toEqual(Object.keys(shopTopics).sort());
  expect(topicsAt("/webhooks/compliance")).toEqual(Object.keys(complianceTopics).sort());
  expect(new Set(webhooks.subscriptions.map(({ uri }) => uri))).toEqual(new Set(["/webhooks", "/webhooks/compliance"]));
});

test("the webhooks of one order stand in one lane, a refund's too", () => {
  const order = { admin_graphql_api_id: "gid://shopify/Order/820982911946154508" };
  const changed = { text: JSON.stringify(order), body: order };
  // 18 digits: JSON.parse would round them.
  const text = '{"id": 1, "order_id": 820982911946154508, "note": "\\"order_id\\": 5"}';
  expect(shopTopics["orders/paid"].lane(changed)).toBe("gid://shopify/Order/820982911946154508");
  expect(shopTopics["refunds/create"].lane({ text, body: JSON.parse(text) })).toBe(
    shopTopics["orders/paid"].lane(changed),
  );
});
