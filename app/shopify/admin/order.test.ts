import { expect, test } from "vitest";
import type { OrderQuery } from "./operations.generated.ts";
import { factsOf } from "./order.ts";

type Order = NonNullable<OrderQuery["order"]>;
type Line = Order["lineItems"]["nodes"][number];
type Refund = Order["refunds"][number];

const money = (amount: string) => ({ shopMoney: { amount } });

function line(changes: Partial<Line> = {}): Line {
  return {
    id: "gid://shopify/LineItem/1",
    quantity: 1,
    currentQuantity: 1,
    isGiftCard: false,
    originalTotalSet: money("100.00"),
    taxLines: [],
    discountAllocations: [],
    ...changes,
  };
}

function refund(changes: {
  lines?: [string, string][];
  paid?: string;
  status?: "SUCCESS" | "FAILURE";
  shipping?: string;
}): Refund {
  const { lines = [], paid, status = "SUCCESS", shipping } = changes;
  return {
    refundLineItems: {
      nodes: lines.map(([subtotal, tax]) => ({
        quantity: 1,
        lineItem: { id: "gid://shopify/LineItem/1" },
        subtotalSet: money(subtotal),
        totalTaxSet: money(tax),
      })),
    },
    refundShippingLines: {
      nodes: shipping ? [{ subtotalAmountSet: money(shipping), taxAmountSet: money("0.00") }] : [],
    },
    transactions: { nodes: paid ? [{ kind: "REFUND", status, amountSet: money(paid) }] : [] },
  };
}

function order(changes: Partial<Order> = {}): Order {
  return {
    id: "gid://shopify/Order/1001",
    name: "#1001",
    createdAt: "2026-11-05T09:59:00Z",
    processedAt: "2026-11-05T09:59:00Z",
    updatedAt: "2026-11-05T10:00:00Z",
    cancelledAt: null,
    test: false,
    displayFinancialStatus: "PAID",
    sourceName: "web",
    currencyCode: "USD",
    presentmentCurrencyCode: "USD",
    taxesIncluded: false,
    email: "fern@grove.shop",
    phone: null,
    customerLocale: "en",
    customer: null,
    customAttributes: [],
    discountCodes: [],
    totalPriceSet: money("110.00"),
    lineItems: { nodes: [line()] },
    refunds: [],
    ...changes,
  };
}

test("a line is what it cost less all that was taken off it, and a code's share is told", () => {
  const { lines, discountCodes } = factsOf(
    order({
      discountCodes: ["Ocean7QK", "FREESHIP"],
      lineItems: {
        nodes: [
          line({
            taxLines: [{ priceSet: money("7.20") }, { priceSet: money("0.90") }],
            discountAllocations: [
              { allocatedAmountSet: money("10.00"), discountApplication: { code: "ocean7qk" } },
              { allocatedAmountSet: money("5.00"), discountApplication: {} },
            ],
          }),
        ],
      },
    }),
  );
  expect(lines).toEqual([{ gid: "gid://shopify/LineItem/1", giftCard: false, total: 8500n, tax: 810n }]);
  expect(discountCodes).toEqual([
    { code: "OCEAN7QK", amount: 1000n },
    { code: "FREESHIP", amount: 0n },
  ]);
});

test("yen have no cents, dinars have a thousand", () => {
  expect(
    factsOf(order({ currencyCode: "JPY", totalPriceSet: money("1200"), lineItems: { nodes: [] } })).totalPrice,
  ).toBe(1200n);
  expect(
    factsOf(order({ currencyCode: "KWD", totalPriceSet: money("1.250"), lineItems: { nodes: [] } })).totalPrice,
  ).toBe(1250n);
});

test.each([
  ["PENDING", false],
  ["AUTHORIZED", false],
  ["PARTIALLY_PAID", false],
  ["VOIDED", false],
  ["PAID", true],
  ["PARTIALLY_REFUNDED", true],
  ["REFUNDED", true],
] as const)("an order that is %s: paid %s", (displayFinancialStatus, paid) => {
  expect(factsOf(order({ displayFinancialStatus })).paid).toBe(paid);
});

test("a refund of goods with their tax and shipping gives nothing else back", () => {
  const refunds = [refund({ lines: [["50.00", "4.00"]], shipping: "5.00", paid: "59.00" })];
  expect(factsOf(order({ refunds })).refunds).toEqual([
    { lines: [{ lineGid: "gid://shopify/LineItem/1", total: 5000n, tax: 400n }], other: 0n },
  ]);
});

test("a refund of an amount gives it back without lines", () => {
  expect(factsOf(order({ refunds: [refund({ paid: "5.00" })] })).refunds).toEqual([{ lines: [], other: 500n }]);
});

test("with taxes included, a line's price holds its tax", () => {
  const refunds = [refund({ lines: [["54.00", "4.00"]], paid: "54.00" })];
  expect(factsOf(order({ taxesIncluded: true, refunds })).refunds[0]?.other).toBe(0n);
});

test("a refund whose money did not go back is none, one that needed no money is", () => {
  expect(factsOf(order({ refunds: [refund({ paid: "100.00", status: "FAILURE" })] })).refunds).toEqual([]);
  expect(factsOf(order({ refunds: [refund({ lines: [["100.00", "0.00"]] })] })).refunds).toHaveLength(1);
});

test("the buyer is the customer, with the order's own address first and theirs beside it", () => {
  const customer = {
    id: "gid://shopify/Customer/7",
    firstName: "Fern",
    lastName: "Grove",
    locale: "de",
    defaultEmailAddress: { emailAddress: "old@grove.shop" },
    defaultPhoneNumber: { phoneNumber: "+15550100" },
    defaultAddress: { city: "Bonn", province: null, country: "Germany", zip: "53111" },
  };
  expect(factsOf(order({ customer, customerLocale: null })).buyer).toEqual({
    gid: "gid://shopify/Customer/7",
    email: "fern@grove.shop",
    phone: "+15550100",
    own: { email: "old@grove.shop", phone: "+15550100" },
    firstName: "Fern",
    lastName: "Grove",
    locale: "de",
    place: { city: "Bonn", region: null, country: "Germany", zip: "53111" },
  });
  expect(factsOf(order()).buyer).not.toHaveProperty("own");
});

test("pieces that an edit took out are gone, once, also where no refund names them", () => {
  const two = { quantity: 2, taxLines: [{ priceSet: money("8.00") }] };
  const nodes = [line({ ...two, currentQuantity: 1 })];
  expect(factsOf(order({ lineItems: { nodes } })).lines).toMatchObject([{ total: 5000n, tax: 400n }]);
  const refunds = [refund({ lines: [["50.00", "4.00"]] })];
  expect(factsOf(order({ lineItems: { nodes }, refunds }))).toMatchObject({
    lines: [{ total: 10000n, tax: 800n }],
    refunds: [{ lines: [{ total: 5000n, tax: 400n }], other: 0n }],
  });
});

test("money that goes back for pieces taken out is theirs; only what is beyond them is given back besides", () => {
  const takenOut = refund({ lines: [["50.00", "4.00"]] });
  const othersOf = (...refunds: Refund[]) => factsOf(order({ refunds })).refunds.map(({ other }) => other);
  expect(othersOf(takenOut, refund({ paid: "54.00" }))).toEqual([0n, 0n]);
  expect(othersOf(takenOut, refund({ paid: "30.00" }), refund({ paid: "30.00" }))).toEqual([0n, 0n, 600n]);
  expect(othersOf(refund({ paid: "5.00" }), takenOut)).toEqual([500n, 0n]);
});
