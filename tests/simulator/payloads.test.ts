import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exchangeToken, graphql, openShop, openStage, type Stage } from "./fake-app.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}

const read = (file: string) =>
  JSON.parse(readFileSync(new URL(`./shopify/samples/${file}`, import.meta.url), "utf8")) as Schema;

const typeOf = (value: unknown) => {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
};

/** Key paths of ours that Shopify's schema does not have, or has with another type. Null is allowed anywhere. */
function differences(value: unknown, schema: Schema, path = ""): string[] {
  const type = typeOf(value);
  const types = [schema.type ?? [], ...(schema.anyOf ?? []).map((one) => one.type ?? [])].flat();
  const agrees = types.length === 0 || types.includes(type) || (type === "integer" && types.includes("number"));
  if (type === "null") return [];
  if (!agrees) return [`${path} is ${type}, Shopify has ${types}`];
  if (Array.isArray(value)) return value.flatMap((item) => differences(item, schema.items ?? {}, `${path}[]`));
  if (value === null || typeof value !== "object" || !schema.properties) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const known = schema.properties?.[key];
    return known ? differences(inner, known, `${path}.${key}`) : [`${path}.${key} is unknown to Shopify`];
  });
}

/** Keys of Shopify's sample that ours lacks, at the top level and in the first element of its lists. */
function missing(sample: object, ours: object): string[] {
  return Object.keys(sample).filter((key) => !(key in ours));
}

async function makeDiscount(handle: string): Promise<void> {
  const { body } = await exchangeToken(stage, handle);
  await graphql(
    handle,
    body.access_token ?? "",
    `mutation { discountCodeBasicCreate(basicCodeDiscount: { title: "Friends", code: "ONE", startsAt: "2026-01-01T00:00:00Z",
      context: { all: ALL }, customerGets: { items: { all: true }, value: { percentage: 0.1 } } }) { userErrors { message } } }`,
  );
}

async function fullOrder(handle: string, change: Record<string, unknown> = {}, order: Record<string, unknown> = {}) {
  await openShop(stage, handle, { taxRate: 0.2, ...change });
  await stage.client.createCustomer(handle, {
    email: "ann@mail.test",
    firstName: "Ann",
    lastName: "Lee",
    phone: "+15550001",
  });
  return stage.client.placeOrder(handle, {
    email: "ann@mail.test",
    phone: "+15550001",
    attributes: { _passalong: "CODE" },
    landingSite: "/?ref=CODE",
    shipping: 500,
    tip: 100,
    browserIp: "203.0.113.7",
    userAgent: "Mozilla/5.0",
    address: { phone: "+15550001", address2: "Flat 2" },
    ...order,
  });
}

test("an order's body has the keys and types of Shopify's sample", async () => {
  const order = await fullOrder("shape");
  const refunded = await stage.client.refundOrder("shape", order.id, { amount: 300, note: "Scratched" });
  const schema = read("orders.create.schema.json");
  const unknownInside = ".refunds[]"; // the orders schema leaves refunds open; they are held against their own below
  expect(differences(refunded, schema).filter((line) => !line.startsWith(unknownInside))).toEqual([]);
  expect(missing(read("orders.create.json"), refunded)).toEqual([]);
  const refundSchema = read("refunds.create.schema.json");
  expect(refunded.refunds.flatMap((refund) => differences(refund, refundSchema))).toEqual([]);
  const whole = await stage.client.refundOrder("shape", order.id);
  // Whole numbers are integers in JSON; Shopify's sample happens to have fractions.
  expect(whole.refunds.flatMap((refund) => differences(refund, refundSchema))).toEqual([]);
  expect(missing(read("refunds.create.json"), whole.refunds[0] ?? {})).toEqual([]);
});

test("a customer's and a shop's body have the keys and types of Shopify's samples", async () => {
  await openShop(stage, "people");
  const customer = await stage.client.createCustomer("people", { email: "ann@mail.test", phone: "+15550002" });
  expect(differences(customer, read("customers.create.schema.json"))).toEqual([]);
  await stage.client.uninstall("people");
  await stage.client.webhooksIdle();
  const [uninstalled] = await stage.client.webhooks({ shop: "people", topic: "app/uninstalled" });
  const body = JSON.parse(uninstalled?.body ?? "{}") as object;
  expect(missing(read("app.uninstalled.json"), body)).toEqual([]);
  expect(body).toMatchObject({ myshopify_domain: "people.myshopify.com" });
});

test("the bodies about deleted, merged and asked customers, deleted discounts, edits and the shop are Shopify's too", async () => {
  const handle = "changes";
  const order = await fullOrder(handle);
  const { client } = stage;
  const ann = order.customer?.id ?? 0;
  const bob = await client.createCustomer(handle, { email: "bob@mail.test" });
  await client.updateCustomer(handle, ann, { marketingState: "SUBSCRIBED" });
  await client.mergeCustomer(handle, ann, bob.id);
  await expect(client.deleteCustomer(handle, bob.id)).rejects.toThrow("have orders");
  const cid = await client.createCustomer(handle, { email: "cid@mail.test" });
  await client.deleteCustomer(handle, cid.id);
  await client.editOrder(handle, order.id, {
    remove: [{ lineId: order.line_items[0]?.id }],
    add: [{ title: "Cup", price: 500 }],
  });
  await client.updateShop(handle, { name: "Changed" });
  await makeDiscount(handle);
  await client.deleteDiscount(handle, (await client.discounts(handle))[0]?.id ?? 0);
  await client.webhooksIdle();
  const topics = [
    "customers/delete",
    "customers/merge",
    "customers_email_marketing_consent/update",
    "discounts/delete",
    "orders/edited",
    "shop/update",
  ];
  for (const topic of topics) {
    const [sent, ...more] = await client.webhooks({ shop: handle, topic });
    expect(more, topic).toEqual([]);
    expect(differences(JSON.parse(sent?.body ?? "null"), read(`${topic.replace("/", ".")}.schema.json`))).toEqual([]);
  }
});

test("an edit's new lines are owed, and its pieces taken out are not paid back", async () => {
  const { client } = stage;
  await openShop(stage, "edits");
  const order = await client.placeOrder("edits", {
    email: "ann@mail.test",
    lines: [{ title: "A", price: 1000, quantity: 2 }],
  });
  const lineId = order.line_items[0]?.id;
  const smaller = await client.editOrder("edits", order.id, { remove: [{ lineId, quantity: 1 }] });
  expect(smaller).toMatchObject({ current_subtotal_price: "10.00", financial_status: "paid" });
  expect(smaller.refunds[0]?.transactions).toEqual([]);
  const larger = await client.editOrder("edits", order.id, { add: [{ title: "B", price: 1500 }] });
  expect(larger).toMatchObject({
    current_total_price: "25.00",
    total_outstanding: "5.00",
    financial_status: "partially_paid",
  });
  expect((await client.payOrder("edits", order.id)).financial_status).toBe("paid");
});

test("the sums of an order add up", async () => {
  const order = await fullOrder("sums");
  expect(order).toMatchObject({
    total_line_items_price: "20.00",
    subtotal_price: "20.00",
    total_tax: "4.00",
    total_price: "30.00",
    total_tip_received: "1.00",
    total_outstanding: "0.00",
    landing_site_ref: "CODE",
    note_attributes: [{ name: "_passalong", value: "CODE" }],
  });
  const refunded = await stage.client.refundOrder("sums", order.id, {
    lines: [{ lineId: order.line_items[0]?.id, quantity: 1 }],
  });
  expect(refunded).toMatchObject({
    financial_status: "partially_refunded",
    current_subtotal_price: "0.00",
    current_total_price: "6.00",
    subtotal_price: "20.00",
  });
  expect(refunded.line_items[0]).toMatchObject({ quantity: 1, current_quantity: 0 });
  expect(refunded.refunds[0]?.refund_line_items[0]).toMatchObject({ subtotal: 20, total_tax: 4 });
});

test("a refund whose payment failed leaves the order paid", async () => {
  const order = await fullOrder("failure");
  const after = await stage.client.refundOrder("failure", order.id, { transactionStatus: "FAILURE" });
  expect(after.financial_status).toBe("paid");
  expect(after.refunds[0]?.transactions[0]).toMatchObject({ kind: "refund", status: "failure" });
});

test("yen have no decimals and dinars have three", async () => {
  const yen = await fullOrder("yen", { currency: "JPY" });
  expect(yen.total_price).toBe("3000");
  expect(yen.line_items[0]?.price_set.shop_money).toEqual({ amount: "2000", currency_code: "JPY" });
  const dinar = await fullOrder("dinar", { currency: "KWD" });
  expect(dinar.subtotal_price).toBe("2.000");
  const abroad = await fullOrder("abroad", {}, { presentmentCurrency: "JPY", rate: 150 });
  expect(abroad.subtotal_price_set.presentment_money).toEqual({ amount: "3000", currency_code: "JPY" });
  expect(abroad.subtotal_price_set.shop_money).toEqual({ amount: "20.00", currency_code: "USD" });
});

test("ids survive JSON", async () => {
  const order = await fullOrder("ids");
  expect(Number.isSafeInteger(order.id)).toBe(true);
  expect(order.admin_graphql_api_id).toBe(`gid://shopify/Order/${order.id}`);
});
