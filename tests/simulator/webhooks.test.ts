import { createHmac } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { API_SECRET, openShop, openStage, type Stage } from "./fake-app.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
beforeEach(async () => {
  await openShop(stage, "one");
  stage.requests.length = 0;
});
afterEach(async () => {
  stage.answerWith(() => ({ status: 200 }));
  await stage.client.reset();
});

const topics = () => stage.requests.map(({ headers }) => String(headers["x-shopify-topic"]));
const order = { email: "ann@mail.test", firstName: "Ann <3 & co" };

test("an order is told by signed webhooks of one event", async () => {
  await stage.client.placeOrder("one", order);
  await stage.client.webhooksIdle();
  expect(topics().sort()).toEqual(["customers/create", "orders/create", "orders/paid", "orders/updated"]);
  for (const { headers, body, url } of stage.requests) {
    expect(url.pathname).toBe("/webhooks");
    const expected = createHmac("sha256", API_SECRET).update(body).digest("base64");
    expect(headers["x-shopify-hmac-sha256"]).toBe(expected);
    expect(headers).toMatchObject({ "x-shopify-shop-domain": "one.myshopify.com", "x-shopify-api-version": "2026-10" });
    // Re-serialised, the body is another one: the HMAC is over the raw bytes.
    expect(JSON.stringify(JSON.parse(String(body)))).not.toBe(String(body));
  }
  const ids = (name: string) => new Set(stage.requests.map(({ headers }) => headers[name]));
  expect([ids("x-shopify-webhook-id").size, ids("x-shopify-event-id").size]).toEqual([4, 1]);
});

test("pay, refund and cancel send what Shopify sends, and move updated_at", async () => {
  const placed = await stage.client.placeOrder("one", { ...order, paid: false });
  const paid = await stage.client.payOrder("one", placed.id);
  const refunded = await stage.client.refundOrder("one", placed.id);
  const cancelled = await stage.client.cancelOrder("one", placed.id);
  await stage.client.webhooksIdle();
  const count = (topic: string) => topics().filter((sent) => sent === topic).length;
  expect(["orders/create", "orders/paid", "refunds/create", "orders/cancelled"].map(count)).toEqual([1, 1, 1, 1]);
  const statuses = [placed, paid, refunded, cancelled].map(({ financial_status }) => financial_status);
  expect(statuses).toEqual(["pending", "paid", "refunded", "refunded"]);
  const times = [placed, paid, refunded, cancelled].map(({ updated_at }) => updated_at);
  expect(new Set(times).size).toBe(4);
  expect([...times].sort()).toEqual(times);
});

test("a refusal is tried again with the same id and body until it is taken", async () => {
  let refusals = 2;
  stage.answerWith(() => ({ status: refusals-- > 0 ? 500 : 200 }));
  await stage.client.createCustomer("one", { email: "ann@mail.test" });
  await stage.client.webhooksIdle();
  expect(new Set(stage.requests.map(({ headers }) => headers["x-shopify-webhook-id"])).size).toBe(1);
  expect(new Set(stage.requests.map(({ body }) => String(body))).size).toBe(1);
  const [record] = await stage.client.webhooks({ topic: "customers/create" });
  expect(record).toMatchObject({ state: "delivered", attempts: [{ status: 500 }, { status: 500 }, { status: 200 }] });
});

test("after the last try a webhook has failed, and can be sent again", async () => {
  stage.answerWith(() => ({ status: 503 }));
  await stage.client.createCustomer("one", { email: "ann@mail.test" });
  await stage.client.webhooksIdle();
  const [failed] = await stage.client.webhooks();
  expect([failed?.state, failed?.attempts.length]).toEqual(["failed", 4]);
  stage.answerWith(() => ({ status: 200 }));
  await stage.client.redeliverWebhook(failed?.id ?? "", 2);
  await stage.client.webhooksIdle();
  expect((await stage.client.webhooks())[0]?.attempts.slice(-2)).toMatchObject([{ status: 200 }, { status: 200 }]);
});

test("webhooks are doubled, held, released in any order, and lost on demand", async () => {
  await stage.client.setWebhookMode({ hold: true, duplicate: 3 });
  await stage.client.placeOrder("one", { email: "ann@mail.test" });
  await stage.client.webhooksIdle();
  expect(stage.requests).toHaveLength(0);
  const held = await stage.client.webhooks();
  const backwards = held.map(({ id }) => id).reverse();
  await stage.client.releaseWebhooks(backwards);
  await stage.client.webhooksIdle();
  const seen = stage.requests.map(({ headers }) => headers["x-shopify-webhook-id"]);
  expect(seen).toEqual(backwards.flatMap((id) => [id, id, id]));

  await stage.client.setWebhookMode({ hold: false, duplicate: 1, dropShare: 1 });
  await stage.client.createCustomer("one", { email: "bob@mail.test" });
  await stage.client.webhooksIdle();
  expect(stage.requests).toHaveLength(seen.length);
  expect((await stage.client.webhooks()).at(-1)?.state).toBe("dropped");
});

test("nothing is sent to a shop without the app, but compliance is", async () => {
  await stage.client.createShop({ handle: "two" });
  await stage.client.createCustomer("two", { email: "ann@mail.test" });
  await stage.client.sendComplianceWebhook({ shop: "two", topic: "shop/redact" });
  await stage.client.webhooksIdle();
  expect(stage.requests.map(({ url, headers }) => [url.pathname, headers["x-shopify-topic"]])).toEqual([
    ["/webhooks/compliance", "shop/redact"],
  ]);
});

test("forged, unsigned and headless webhooks can be made", async () => {
  const send = (change: object) =>
    stage.client.sendRawWebhook({ path: "/webhooks", shop: "one", body: "{}", ...change });
  await send({ topic: "orders/paid" });
  await send({ sign: false });
  await send({ secret: "wrong", headers: { "X-Shopify-Webhook-Id": null } });
  const [good, unsigned, forged] = stage.requests.map(({ headers }) => headers);
  const expected = createHmac("sha256", API_SECRET).update("{}").digest("base64");
  expect(good?.["x-shopify-hmac-sha256"]).toBe(expected);
  expect(unsigned).not.toHaveProperty("x-shopify-hmac-sha256");
  expect(forged?.["x-shopify-hmac-sha256"]).not.toBe(expected);
  expect(forged).not.toHaveProperty("x-shopify-webhook-id");
});

test("the shop's clock dates what happens", async () => {
  await stage.client.setClock({ now: "2026-01-02T03:04:05Z" });
  const placed = await stage.client.placeOrder("one", order);
  expect(placed.created_at).toMatch(/^2026-01-01T22:04:(0[5-9]|[1-5]\d)-05:00$/);
});
