import { beforeEach, describe, expect, test } from "vitest";
import { db } from "#app/db.server.ts";
import { joinProgram } from "#app/domain/referrals/join-program.ts";
import { transact } from "#app/transact.server.ts";
import { openApp } from "#tests/app.ts";
import { emptyTables } from "#tests/database.ts";

const app = await openApp();

beforeEach(async () => {
  await app.drain();
  await app.sim.client.reset();
  await emptyTables();
  for (const handle of ["juniper", "cedar"]) {
    await app.sim.client.createShop({ handle });
    await app.sim.client.createProduct(handle, { title: "Mug", price: 9000 });
    expect((await app.open(handle)).status).toBe(200);
  }
  await app.drain();
  await app.sim.client.adminApiCalls({ clear: true });
});

async function shopId(handle: string): Promise<string> {
  const shop = await db.shop.findUniqueOrThrow({ where: { domain: `${handle}.myshopify.com` } });
  return shop.id;
}

async function inboxOf(handle: string) {
  return db.webhookInbox.findMany({ where: { shopId: await shopId(handle) }, orderBy: { seq: "asc" } });
}

const referralsOf = async (handle: string) => db.referral.findMany({ where: { shopId: await shopId(handle) } });

/** A customer of Juniper who shares. */
async function referrerCode(): Promise<string> {
  const customer = await app.sim.client.createCustomer("juniper", { firstName: "Ocean", email: "ocean@grove.shop" });
  const facts = { gid: customer.admin_graphql_api_id, email: "ocean@grove.shop" };
  const joined = await transact(await shopId("juniper"), (ctx) =>
    joinProgram(ctx, { ...facts, phone: null, firstName: "Ocean", lastName: "Grove", locale: "en" }),
  );
  await app.drain();
  if (joined.kind === "refused") throw new Error(joined.because);
  return joined.code;
}

const order = { id: 1, admin_graphql_api_id: "gid://shopify/Order/1", note_attributes: [], discount_codes: [] };
const webhook = { path: "/webhooks", shop: "juniper", topic: "orders/create", body: order };

describe("a webhook that is not what it should be gets its clear error and changes nothing", () => {
  const large = JSON.stringify({ ...order, note: "x".repeat(3 * 1024 * 1024) });

  test.each([
    ["unsigned", { ...webhook, headers: { "X-Shopify-Hmac-Sha256": null } }, 400],
    ["forged", { ...webhook, secret: "somebody else's" }, 401],
    ["without a shop", { ...webhook, headers: { "X-Shopify-Shop-Domain": null } }, 400],
    ["without a webhook id", { ...webhook, headers: { "X-Shopify-Webhook-Id": null } }, 400],
    ["malformed JSON", { ...webhook, body: '{"id": 1,' }, 400],
    ["of a topic of another address", { ...webhook, topic: "shop/redact" }, 404],
    ["of a topic we did not ask for", { ...webhook, topic: "products/create" }, 404],
    ["of 3 MB", { ...webhook, body: large }, 413],
    ["forged compliance", { ...webhook, path: "/webhooks/compliance", topic: "shop/redact", secret: "no" }, 401],
    [
      "compliance about another shop",
      {
        path: "/webhooks/compliance",
        shop: "juniper",
        topic: "shop/redact",
        body: { shop_domain: "cedar.myshopify.com" },
      },
      400,
    ],
  ])("%s", async (_what, input, status) => {
    const answer = await app.sim.client.sendRawWebhook(input);
    expect(answer).toMatchObject({ status, error: null });
    expect(answer.body).not.toBe("");
    expect(await db.webhookInbox.count({ where: { shopId: await shopId("juniper") } })).toBe(0);
  });

  test("altered on the way", async () => {
    const [sent] = await capture(
      () => app.sim.client.placeOrder("juniper", { email: "fern@grove.shop" }),
      "orders/create",
    );
    const { "X-Shopify-Hmac-Sha256": signature = "" } = canonical(sent.headers);
    const answer = await app.sim.client.sendRawWebhook({
      ...webhook,
      body: sent.body.replace("fern@grove.shop", "evil@grove.shop"),
      headers: { "X-Shopify-Hmac-Sha256": signature, "X-Shopify-Webhook-Id": "altered" },
    });
    expect(answer.status).toBe(401);
  });

  test("asked for with GET", async () => {
    for (const path of ["/webhooks", "/webhooks/compliance"]) {
      const answer = await fetch(app.url + path);
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
    }
  });

  test("of a shop that has not installed us: acknowledged, not kept", async () => {
    await app.sim.client.createShop({ handle: "fir" });
    expect(await app.sim.client.sendRawWebhook({ ...webhook, shop: "fir" })).toMatchObject({
      status: 200,
      body: "unknown_shop",
    });
  });
});

/** What the simulator sent of a topic while something was done. */
async function capture(act: () => Promise<unknown>, topic: string) {
  await act();
  await app.drain();
  const sent = await app.sim.client.webhooks({ topic });
  const [first] = sent;
  if (!first) throw new Error(`no ${topic} was sent`);
  return [first, ...sent.slice(1)] as const;
}

function canonical(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase() === "x-shopify-hmac-sha256" ? "X-Shopify-Hmac-Sha256" : name,
      value,
    ]),
  );
}

test("a friend's paid order, sent three times, is one referral and one inbox row per webhook", async () => {
  const code = await referrerCode();
  await app.sim.client.setWebhookMode({ duplicate: 3 });
  await app.sim.client.placeOrder("juniper", {
    email: "fern@grove.shop",
    firstName: "Fern",
    attributes: { _passalong: code },
  });
  await app.drain();
  expect(await referralsOf("juniper")).toMatchObject([{ state: "approved", signal: "attribute" }]);
  const rows = (await inboxOf("juniper")).filter(({ topic }) => topic.startsWith("orders/"));
  expect(rows.map(({ topic, state }) => `${topic} ${state}`).sort()).toEqual(
    [...new Set(rows.map(({ topic }) => `${topic} done`))].sort(),
  );
});

test("an order that has nothing to do with us is neither fetched nor kept", async () => {
  await app.sim.client.placeOrder("juniper", { email: "fern@grove.shop" });
  await app.drain();
  const rows = await inboxOf("juniper");
  expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(["ignored"]));
  expect(await app.sim.client.adminApiCalls()).toEqual([]);
  expect(await db.orderFacts.count({ where: { shopId: await shopId("juniper") } })).toBe(0);
});

test("a real webhook of one shop, replayed for another, is ignored there: that shop has no such order", async () => {
  const code = await referrerCode();
  const [sent] = await capture(
    () => app.sim.client.placeOrder("juniper", { email: "fern@grove.shop", attributes: { _passalong: code } }),
    "orders/create",
  );
  // The other shop knows the same code, so that the hints in the body say that it concerns them.
  const cedar = await shopId("cedar");
  await transact(cedar, (ctx) =>
    joinProgram(ctx, {
      gid: null,
      email: "oak@grove.shop",
      phone: null,
      firstName: "Oak",
      lastName: null,
      locale: null,
    }),
  );
  await db.referrer.updateMany({ where: { shopId: cedar }, data: { code } });
  const { "X-Shopify-Hmac-Sha256": signature = "" } = canonical(sent.headers);
  const answer = await app.sim.client.sendRawWebhook({
    ...webhook,
    shop: "cedar",
    body: sent.body,
    headers: { "X-Shopify-Hmac-Sha256": signature },
  });
  expect(answer.status).toBe(200);
  await app.drain();
  const replayed = (await inboxOf("cedar")).filter(({ topic }) => topic === "orders/create");
  expect(replayed).toMatchObject([{ state: "ignored", reason: "not_this_shops" }]);
  expect(await referralsOf("cedar")).toEqual([]);
});

test("while Shopify is down webhooks wait, say why, and are done afterwards", async () => {
  const code = await referrerCode();
  await app.sim.client.setAdminApiMode({ fail: { status: 503, times: 1 } });
  await app.sim.client.placeOrder("juniper", { email: "fern@grove.shop", attributes: { _passalong: code } });
  await expect.poll(async () => (await referralsOf("juniper")).length, { interval: 200 }).toBe(1);
  await app.drain();
  expect(await referralsOf("juniper")).toMatchObject([{ state: "approved" }]);
});

test("customers who have nothing to do with us are not fetched; a referrer's new name is kept", async () => {
  await referrerCode();
  await app.sim.client.adminApiCalls({ clear: true });
  await app.sim.client.createCustomer("juniper", { firstName: "Stranger", email: "stranger@grove.shop" });
  await app.drain();
  expect(await app.sim.client.adminApiCalls()).toEqual([]);
  const [ocean] = (await app.sim.client.customers("juniper")).filter(({ email }) => email === "ocean@grove.shop");
  if (!ocean) throw new Error("no customer");
  await app.sim.client.updateCustomer("juniper", ocean.id, { lastName: "Meadow" });
  await app.drain();
  expect(
    await db.person.findFirst({ where: { shopId: await shopId("juniper"), email: "ocean@grove.shop" } }),
  ).toMatchObject({
    lastName: "Meadow",
  });
});

test("compliance webhooks are answered at once, also after uninstall", async () => {
  await app.sim.client.uninstall("juniper");
  await app.drain();
  for (const topic of ["customers/data_request", "customers/redact", "shop/redact"]) {
    const start = performance.now();
    await app.sim.client.sendComplianceWebhook({ shop: "juniper", topic });
    await app.sim.client.webhooksIdle();
    const [sent] = await app.sim.client.webhooks({ shop: "juniper", topic });
    expect(sent?.attempts.map(({ status }) => status)).toEqual([200]);
    expect(performance.now() - start).toBeLessThan(1000);
  }
  await app.drain();
  const kept = (await inboxOf("juniper")).filter(
    ({ topic }) => topic.includes("redact") || topic.includes("data_request"),
  );
  expect(kept.map(({ state, reason }) => `${state} ${reason}`)).toEqual(Array(3).fill("done recorded"));
});

test("a reward's coupon works in Shopify before anybody is told; a cancelled order takes it back", async () => {
  const code = await referrerCode();
  const placed = await app.sim.client.placeOrder("juniper", {
    email: "fern@grove.shop",
    attributes: { _passalong: code },
  });
  await app.drain();
  const juniper = await shopId("juniper");
  const coupons = await db.coupon.findMany({
    where: { shopId: juniper, state: "live" },
    orderBy: { id: "asc" },
  });
  expect(coupons.map(({ kind, state }) => `${kind} ${state}`)).toEqual(["referrer_code live", "reward live"]);
  const stock = await db.coupon.findMany({ where: { shopId: juniper, state: "stock" } });
  const stocked = new Set(stock.map((coupon) => coupon.code));
  const live = async () =>
    (await app.sim.client.discounts("juniper"))
      .flatMap(({ codes }) => codes.map((it) => it.code))
      .filter((it) => !stocked.has(it));
  expect((await live()).sort()).toEqual(coupons.map((coupon) => coupon.code).sort());

  await app.sim.client.cancelOrder("juniper", placed.id);
  await app.drain();
  expect(await referralsOf("juniper")).toMatchObject([{ state: "reversed" }]);
  await expect.poll(live).toEqual([code]);
});
