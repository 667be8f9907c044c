import { createHmac } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { API_SECRET, graphql, openShop, openStage, type Stage } from "./fake-app.ts";

/** A theme app extension with one app block, one embed and two languages. */
function makeExtension(): string {
  const folder = mkdtempSync(join(tmpdir(), "extension-"));
  const write = (file: string, content: string) => {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), content);
  };
  write("shopify.extension.toml", 'name = "Test"\nhandle = "test-theme"\ntype = "theme"\n');
  write(
    "locales/en.default.json",
    '{ "hello": "Hello {{ name }}", "friends": { "one": "{{ count }} friend", "other": "{{ count }} friends" } }',
  );
  write("locales/fr.json", '{ "hello": "Bonjour {{ name }}" }');
  write("snippets/price.liquid", "{{ cents | money }}");
  write("assets/block.js", "window.blockLoaded = true;");
  write(
    "blocks/block.liquid",
    `{% assign name = customer.first_name | default: 'guest' %}<p data-size="{{ block.settings.size }}">{{ 'hello' | t: name: name }}</p>
<p>{{ 'friends' | t: count: 2 }} {% render 'price', cents: 199900 %}</p>
{% schema %}{ "name": "Block", "target": "section", "javascript": "block.js",
  "settings": [{ "type": "text", "id": "size", "label": "Size", "default": "large" }] }{% endschema %}`,
  );
  write(
    "blocks/embed.liquid",
    '<i id="embed">{{ request.path }}</i>{% schema %}{ "name": "E", "target": "body" }{% endschema %}',
  );
  return folder;
}

let stage: Stage;
let token: string;
beforeAll(async () => {
  stage = await openStage({ extensionDir: makeExtension() });
  ({ token } = await openShop(stage, "one", { primaryDomainUrl: "https://shop.one.test" }));
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.client.webhooksIdle();
  stage.requests.length = 0;
  stage.answerWith(() => ({ status: 200 }));
});

/** A browser with cookies, on the plain http storefront. */
function openBrowser() {
  let cookie = "";
  const base = stage.simulator.urls.storefront("one");
  return async (path: string, init: { method?: string; body?: BodyInit; headers?: Record<string, string> } = {}) => {
    const headers = { ...init.headers, ...(cookie ? { cookie } : {}) };
    const response = await fetch(base + path, { redirect: "manual", ...init, headers });
    cookie = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    return { status: response.status, location: response.headers.get("location"), text: await response.text() };
  };
}

const form = (fields: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(fields) });

test("app blocks show on the refer page, embeds everywhere, in the buyer's language", async () => {
  const browse = openBrowser();
  const page = await browse("/pages/refer");
  expect(page.text).toContain('<p data-size="large">Hello guest</p>');
  expect(page.text).toContain("2 friends $1,999.00");
  const asset = page.text.match(/src="(\/cdn\/extensions\/[^"]+block\.js)"/)?.[1] ?? "";
  expect((await browse(asset)).text).toContain("blockLoaded");
  expect((await browse("/")).text).toContain('<i id="embed">/</i>');
  expect((await browse("/fr/pages/refer")).text).toContain("Bonjour guest");
  expect((await browse("/pages/refer?locale=fr")).text).toContain("Bonjour guest");
});

test("the same page on the shop's real host name takes its assets from the CDN", async () => {
  const response = await fetch("https://one.myshopify.com/pages/refer");
  expect(await response.text()).toContain('src="https://cdn.shopify.com/extensions/');
});

test("a buyer arrives by a link, fills the cart and checks out", async () => {
  await graphql<unknown>(
    "one",
    token,
    `mutation { discountCodeBasicCreate(basicCodeDiscount: { title: "F", code: "FRIEND", startsAt: "2026-01-01T00:00:00Z",
      context: { all: ALL }, customerGets: { items: { all: true }, value: { percentage: 0.1 } } }) { userErrors { message } } }`,
  );
  const browse = openBrowser();
  const link = await browse("/discount/FRIEND?redirect=/products/blue-board%3Fref%3DANN&utm_source=mail");
  expect([link.status, link.location]).toEqual([302, "/products/blue-board?ref=ANN&utm_source=mail"]);
  await browse(link.location ?? "/", { headers: { referer: "https://search.test/" } });
  const variantId = Number((await stage.client.products("one"))[0]?.variantId);
  const json = { "content-type": "application/json" };
  await browse("/cart/add.js", { method: "POST", headers: json, body: JSON.stringify({ id: variantId, quantity: 2 }) });
  const attributes = JSON.stringify({ attributes: { _passalong: "ANN" } });
  const cart = JSON.parse((await browse("/cart/update.js", { method: "POST", headers: json, body: attributes })).text);
  expect(cart).toMatchObject({ item_count: 2, total_price: 4000, attributes: { _passalong: "ANN" } });

  expect((await browse("/checkout")).text).toContain("Discount FRIEND");
  const refused = await browse("/checkout", form({ action: "apply", discount: "NOSUCH", email: "bob@mail.test" }));
  expect(refused.text).toContain("Enter a valid discount code");
  const placed = await browse(
    "/checkout",
    form({
      action: "pay",
      discount: "FRIEND",
      email: "bob@mail.test",
      first_name: "Bob",
      last_name: "Ray",
      currency: "JPY",
    }),
  );
  expect(placed.status).toBe(303);
  expect((await browse(placed.location ?? "/")).text).toContain("Thank you, Bob!");

  const order = (await stage.client.orders("one")).at(-1);
  expect(order).toMatchObject({
    financial_status: "paid",
    subtotal_price: "36.00",
    landing_site: "/products/blue-board?ref=ANN&utm_source=mail",
    landing_site_ref: "ANN",
    referring_site: "https://search.test/",
    note_attributes: [{ name: "_passalong", value: "ANN" }],
    presentment_currency: "JPY",
    customer: { email: "bob@mail.test", first_name: "Bob" },
  });
  expect((await browse("/cart.js")).text).toContain('"item_count":0');
});

test("the app proxy is signed over sorted, joined parameters and knows who is signed in", async () => {
  const browse = openBrowser();
  await browse("/account/register", form({ email: "ann@mail.test", first_name: "Ann" }));
  const customer = (await stage.client.customers("one")).find(({ email }) => email === "ann@mail.test");
  stage.answerWith(() => ({
    status: 200,
    headers: { "content-type": "application/liquid", "set-cookie": "app=1" },
    body: "<b>{{ customer.first_name }} at {{ shop.name }}</b>",
  }));
  const page = await browse("/apps/passalong/status?b=2&a=1&b=3");
  expect(page.text).toContain("<b>Ann at one</b>");
  expect(page.text).toContain('id="embed"');

  // customers/create goes to the app too, at its own time
  const seen = stage.requests.findLast(({ url }) => url.pathname.startsWith("/proxy"));
  expect(seen?.url.pathname).toBe("/proxy/status");
  expect(seen?.headers.cookie).toBeUndefined();
  const query = new URLSearchParams(seen?.url.search);
  const signature = query.get("signature");
  query.delete("signature");
  const message = [...new Set(query.keys())]
    .map((key) => `${key}=${query.getAll(key).join(",")}`)
    .sort()
    .join("");
  expect(message).toMatch(/^a=1b=2,3logged_in_customer_id=\d+path_prefix=\/apps\/passalongshop=one\.myshopify\.com/);
  expect(signature).toBe(createHmac("sha256", API_SECRET).update(message).digest("hex"));
  expect(query.get("logged_in_customer_id")).toBe(String(customer?.id));
});

test("a proxy call can be posted, and spoilt before or after it is signed", async () => {
  const answer = await stage.client.proxy("one", { path: "/join", body: { join: true }, customerId: 7 });
  expect(answer.status).toBe(200);
  expect(stage.requests[0]).toMatchObject({ method: "POST" });
  expect(String(stage.requests[0]?.body)).toBe('{"join":true}');
  await stage.client.proxy("one", { tamper: { after: { set: { logged_in_customer_id: "8" } } } });
  await stage.client.proxy("one", { customerId: 7, tamper: { signed: { append: { logged_in_customer_id: "8" } } } });
  const customers = stage.requests.map(({ url }) => url.searchParams.getAll("logged_in_customer_id"));
  expect(customers).toEqual([["7"], ["8"], ["7", "8"]]);
});

test("the shop's primary domain is what the Admin API says", async () => {
  const { data } = await graphql<unknown>("one", token, "{ shop { primaryDomain { host url } myshopifyDomain } }");
  expect(data).toEqual({
    shop: {
      primaryDomain: { host: "shop.one.test", url: "https://shop.one.test" },
      myshopifyDomain: "one.myshopify.com",
    },
  });
});
