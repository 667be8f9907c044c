import { afterAll, beforeAll, expect, test } from "vitest";
import { graphql, openShop, openStage, type Stage } from "./fake-app.ts";
import { createBucket } from "./shopify/admin-cost.ts";

let stage: Stage;
let token: string;
beforeAll(async () => {
  stage = await openStage();
  ({ token } = await openShop(stage, "one"));
});
afterAll(() => stage.close());

test("a field that Shopify's schema lacks is refused in Shopify's words", async () => {
  const { data, errors } = await graphql<unknown>("one", token, "{ shop { favouriteColour } }");
  expect(data).toBeUndefined();
  expect(errors[0]).toMatchObject({
    message: "Field 'favouriteColour' doesn't exist on type 'Shop'",
    extensions: { code: "undefinedField" },
  });
});

test("a field without the scope is denied, and names the scope", async () => {
  const { data, errors } = await graphql<unknown>("one", token, '{ product(id: "gid://shopify/Product/1") { title } }');
  expect(data).toEqual({ product: null });
  expect(errors[0]).toMatchObject({
    message: "Access denied for product field. Required access: `read_products` access scope.",
    extensions: { code: "ACCESS_DENIED" },
  });
});

test("a field that is not simulated says so instead of making a value up", async () => {
  const { errors } = await graphql<unknown>("one", token, "{ shop { richTextEditorUrl } }");
  expect(errors[0]?.message).toContain("has no resolver for Shop.richTextEditorUrl");
});

test("orders can be searched, sorted and paged", async () => {
  const customer = await stage.client.createCustomer("one", { email: "ann@mail.test" });
  for (let index = 0; index < 3; index += 1) await stage.client.placeOrder("one", { customerId: customer.id });
  await stage.client.placeOrder("one", { customerId: customer.id, paid: false });
  const query = `query Page($query: String, $after: String) {
    orders(first: 2, after: $after, query: $query, sortKey: UPDATED_AT, reverse: true) {
      nodes { name displayFinancialStatus totalPriceSet { shopMoney { amount currencyCode } } }
      pageInfo { hasNextPage endCursor }
    }
  }`;
  interface Page {
    orders: { nodes: { name: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
  }
  const search = `customer_id:${customer.id} AND financial_status:paid created_at:>='2020-01-01T00:00:00Z'`;
  const first = await graphql<Page>("one", token, query, { query: search });
  expect(first.data.orders.nodes).toHaveLength(2);
  expect(first.data.orders.nodes[0]).toMatchObject({
    displayFinancialStatus: "PAID",
    totalPriceSet: { shopMoney: { amount: "20.0", currencyCode: "USD" } },
  });
  const { endCursor } = first.data.orders.pageInfo;
  const second = await graphql<Page>("one", token, query, { query: search, after: endCursor });
  expect(second.data.orders.nodes).toHaveLength(1);
  expect(second.data.orders.pageInfo.hasNextPage).toBe(false);
});

test("a connection needs a size", async () => {
  const { errors } = await graphql<unknown>("one", token, "{ orders { nodes { id } } }");
  expect(errors[0]?.message).toBe("you must provide one of first or last");
});

test("an order tells what the app must know, in the shop's and the buyer's currency", async () => {
  const placed = await stage.client.placeOrder("one", {
    email: "bob@mail.test",
    attributes: { _passalong: "CODE" },
    presentmentCurrency: "JPY",
    rate: 150,
  });
  const { data, errors } = await graphql<{ order: object }>(
    "one",
    token,
    `query Order($id: ID!) { order(id: $id) {
      test sourceName cancelledAt customAttributes { key value } discountCodes
      subtotalPriceSet { shopMoney { amount } presentmentMoney { amount currencyCode } }
      customer { id defaultEmailAddress { emailAddress marketingState } numberOfOrders amountSpent { amount } }
      lineItems(first: 10) { nodes { isGiftCard quantity currentQuantity sellingPlan { name }
        discountedTotalSet { shopMoney { amount } } discountAllocations { allocatedAmountSet { shopMoney { amount } } } taxLines { title } } }
      refunds { id refundLineItems(first: 10) { nodes { quantity } } }
    } }`,
    { id: placed.admin_graphql_api_id },
  );
  expect(errors).toEqual([]);
  expect(data.order).toMatchObject({
    test: false,
    sourceName: "web",
    customAttributes: [{ key: "_passalong", value: "CODE" }],
    subtotalPriceSet: {
      shopMoney: { amount: "20.0" },
      presentmentMoney: { amount: "3000.0", currencyCode: "JPY" },
    },
    customer: { defaultEmailAddress: { emailAddress: "bob@mail.test" }, numberOfOrders: "1" },
    lineItems: { nodes: [{ isGiftCard: false, quantity: 1, sellingPlan: null }] },
    refunds: [],
  });
});

test("orders older than 60 days are hidden without read_all_orders", async () => {
  const old = await stage.client.placeOrder("one", { email: "old@mail.test", at: "2020-01-01T00:00:00Z" });
  const ask = () => graphql<unknown>("one", token, `{ order(id: "${old.admin_graphql_api_id}") { name } }`);
  expect((await ask()).data).toEqual({ order: null });
  const { grantedScopes } = await stage.client.shop("one");
  await stage.client.setScopes("one", [...grantedScopes, "read_all_orders"]);
  expect((await ask()).data).toEqual({ order: { name: old.name } });
});

test("throttling and failures come when asked for", async () => {
  await stage.client.setAdminApiMode({ throttle: 1, fail: { status: 503, times: 1, operationName: "Name" } });
  const ask = () => graphql<unknown>("one", token, "query Name { shop { name } }");
  expect((await ask()).status).toBe(503);
  const throttled = await ask();
  expect([throttled.status, throttled.errors[0]?.extensions?.code]).toEqual([200, "THROTTLED"]);
  const fine = await ask();
  expect(fine.data).toEqual({ shop: { name: "one" } });
  expect(fine.extensions.cost.throttleStatus).toMatchObject({ maximumAvailable: 2000, restoreRate: 100 });
  const calls = await stage.client.adminApiCalls();
  expect(calls.slice(-3).map(({ operationName }) => operationName)).toEqual(["Name", "Name", "Name"]);
});

test("the bucket empties under load, refills, and is never emptied by one query", async () => {
  const bucket = createBucket();
  expect([bucket.take(1500), bucket.take(600), bucket.take(500)]).toEqual([true, false, true]);
  bucket.giveBack(300);
  expect(bucket.status().currentlyAvailable).toBeGreaterThanOrEqual(300);

  const money = "subtotalSet { shopMoney { amount } } totalTaxSet { shopMoney { amount } }";
  const refunds = `refunds { refundLineItems(first: 250) { nodes { id ${money} } } }`;
  const lines =
    "lineItems(first: 250) { nodes { id originalTotalSet { shopMoney { amount } presentmentMoney { amount } } } }";
  const { errors } = await graphql<unknown>(
    "one",
    token,
    `{ orders(first: 250) { nodes { id ${lines} ${refunds} } } }`,
  );
  expect(errors[0]?.extensions?.code).toBe("MAX_COST_EXCEEDED");
});
