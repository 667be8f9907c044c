import { expect, test } from "vitest";
import { foundEarlier } from "./earlier-orders.ts";
import type { EarlierOrdersQuery } from "./operations.generated.ts";

type Listed = EarlierOrdersQuery["orders"]["nodes"][number];

const order = { gid: "gid://shopify/Order/1000", placedAt: "2026-11-05T10:00:00Z" };

function other(changes: Partial<Listed> & { number: number }): Listed {
  const { number, ...rest } = changes;
  return {
    id: `gid://shopify/Order/${number}`,
    test: false,
    processedAt: "2026-11-05T09:59:59Z",
    displayFinancialStatus: "PAID",
    ...rest,
  };
}

const itself = other({ number: 1000, processedAt: order.placedAt });

test.each<[string, Listed[], boolean]>([
  ["the order alone", [itself], false],
  ["one a second before", [other({ number: 999 }), itself], true],
  ["one that was refunded since", [other({ number: 999, displayFinancialStatus: "REFUNDED" }), itself], true],
  ["one that nobody paid", [other({ number: 999, displayFinancialStatus: "PENDING" }), itself], false],
  ["a test", [other({ number: 999, test: true }), itself], false],
  ["one a second later", [itself, other({ number: 1001, processedAt: "2026-11-05T10:00:01Z" })], false],
  ["the first of two of one second", [other({ number: 999, processedAt: order.placedAt }), itself], true],
  ["the second of two of one second", [itself, other({ number: 10_000, processedAt: order.placedAt })], false],
])("among a customer's orders: %s", (_case, nodes, earlier) => {
  const customer = { numberOfOrders: String(nodes.filter(({ test: isTest }) => !isTest).length) };
  expect(foundEarlier({ customer, orders: { nodes } }, order)).toBe(earlier);
});

test("orders that Shopify counts but no longer lists are older ones", () => {
  expect(foundEarlier({ customer: { numberOfOrders: "2" }, orders: { nodes: [itself] } }, order)).toBe(true);
});

test.each<[string, string, Listed[], boolean]>([
  ["its own first one", "1", [], false],
  ["one after an older one", "2", [], true],
  ["one after a listed one", "2", [other({ number: 999 })], true],
  ["one after a listed one that nobody paid", "2", [other({ number: 999, displayFinancialStatus: "PENDING" })], false],
])("an order that Shopify does not list yet: %s", (_case, numberOfOrders, nodes, earlier) => {
  expect(foundEarlier({ customer: { numberOfOrders }, orders: { nodes } }, order)).toBe(earlier);
});
