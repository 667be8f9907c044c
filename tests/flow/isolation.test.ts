import { randomBytes } from "node:crypto";
import type { RouteConfigEntry } from "@remix-run/route-config";
import { beforeAll, describe, expect, test } from "vitest";
import { pool } from "#app/db.server.ts";
import routes from "#app/routes.ts";
import { openApp, type TestApp } from "#tests/app.ts";
import { CHROME } from "#tests/chrome.ts";
import { friend, joinAs, openShop, type Referrer, type Shop } from "./world.ts";

/**
 * Fir has installed the app and has nothing; Cedar has everything. Whatever Fir's merchant, shoppers and webhooks say of
 * Cedar, they learn nothing and change nothing.
 */
const FIR = "fir";

const app = await openApp();
let cedar: Shop;
let zinnia: Referrer;
/** An id of Cedar's in each table. */
let ids: Record<string, string>;
/** What nobody of Fir may read. */
let secrets: string[];

beforeAll(async () => {
  await app.sim.client.createShop({ handle: FIR });
  expect((await app.open(FIR)).status).toBe(200);
  cedar = await openShop(app, { handle: "cedar", name: "Cedar & Daughters" });
  zinnia = await joinAs(app, cedar, "Zinnia");
  await app.drain();
  await app.sim.client.placeOrder("cedar", { ...friend("Quill"), discountCode: zinnia.code });
  await app.drain();
  ids = await idsOf(cedar);
  expect(Object.keys(ids)).toEqual(expect.arrayContaining(["Person", "Referral", "Coupon", "Connection", "Delivery"]));
  secrets = [...Object.values(ids), zinnia.code, "Zinnia", "Quill", "zinnia@", "quill@", cedar.account.publicKey];
});

async function idsOf({ domain }: Shop): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const table of await tables()) {
    const { rows } = await pool.query<{ row: { id?: string } }>(
      `SELECT to_jsonb(it) AS row FROM "${table}" it
        WHERE to_jsonb(it) ->> 'shopId' = (SELECT "id" FROM "Shop" WHERE "domain" = $1) LIMIT 1`,
      [domain],
    );
    const id = rows[0]?.row.id;
    if (id) found[table] = id;
  }
  return found;
}

async function tables(): Promise<string[]> {
  const { rows } = await pool.query<{ tablename: string }>(
    `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_%'`,
  );
  return rows.map(({ tablename }) => tablename);
}

/** Remembers that a request was received, whatever it said. */
const RECEIVED = ["WebhookInbox", "UsedSignature"];

/** Every row of every table but those; when Fir's own merchant was seen last is no news either. */
async function everything(): Promise<Record<string, unknown>> {
  const dump: Record<string, unknown> = {};
  for (const table of await tables()) {
    if (RECEIVED.includes(table)) continue;
    const { rows } = await pool.query<{ row: object }>(`SELECT to_jsonb(it) AS row FROM "${table}" it ORDER BY 1`);
    const isFir = (row: object) => "domain" in row && row.domain === `${FIR}.myshopify.com`;
    dump[table] = rows.map(({ row }) => (isFir(row) ? { ...row, seenAt: null } : row));
  }
  return dump;
}

type Answer = { readonly status: number; readonly body: string };

async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, body: await response.text() };
}

/** Fir's merchant opens a page as a document. */
async function open(path: string): Promise<Answer> {
  const url = new URL(await app.sim.client.appUrl(FIR, path));
  return answerOf(await fetch(url, { headers: { "User-Agent": CHROME, Accept: "text/html" }, redirect: "manual" }));
}

/** Fir's merchant's browser asks for a page's data, or sends one of its forms. */
async function ask(path: string, form?: Record<string, string>): Promise<Answer> {
  const headers = { "User-Agent": CHROME, Authorization: `Bearer ${await app.sim.client.idToken(FIR)}` };
  const init = form ? { method: "POST", body: new URLSearchParams(form) } : {};
  return answerOf(await fetch(app.url + path, { headers, redirect: "manual", ...init }));
}

const proxy = (call: Parameters<TestApp["sim"]["client"]["proxy"]>[1]) => app.sim.client.proxy(FIR, call);
const nonce = () => randomBytes(16).toString("base64url");

/** A webhook that says it is of Fir, properly signed. */
async function webhook(path: string, topic: string, body: object): Promise<Answer> {
  const { status, body: text } = await app.sim.client.sendRawWebhook({ path, shop: FIR, topic, body });
  await app.drain();
  return { status: status ?? 0, body: text };
}

type Visit = {
  readonly what: string;
  readonly send: () => Promise<Answer>;
  readonly status: number;
  /** Goes to the address's action. */
  readonly posts?: true;
};
const CEDAR = "shop=cedar.myshopify.com";
const form = (intent: string) => ({
  intent,
  esp: "klaviyo",
  shop: cedar.domain,
  shopId: ids.Connection ?? "",
  id: ids.Connection ?? "",
  connectionId: ids.Connection ?? "",
});

/** Pages whose address names no row: asked for in Cedar's name. */
const page = (path: string): Visit[] => [
  { what: "data in Cedar's name", send: () => ask(`${path}.data?${CEDAR}`), status: 200 },
];

/** Lists: from Cedar's row on. */
const list = (path: string, table: string): Visit[] => [
  ...page(path),
  { what: "from Cedar's row on", send: () => ask(`${path}.data?before=${ids[table]}`), status: 200 },
  { what: "from Cedar's row on, as a document", send: () => open(`${path}?before=${ids[table]}`), status: 200 },
  { what: "up to Cedar's row", send: () => ask(`${path}.data?after=${ids[table]}`), status: 200 },
];

/** Decisions about Cedar's referral: none is made. */
function judgements(path: () => string): Visit[] {
  return ["approve", "overrule", "reject"].map((intent) => ({
    what: `${intent} Cedar's`,
    send: () => ask(`${path()}.data`, { intent, id: ids.Referral ?? "", reason: "Because", notify: "no" }),
    status: 404,
    posts: true,
  }));
}

/** A friend's details, as the claim form sends them. */
const CLAIM = { email: "mallory@grove.shop", firstName: "Mallory", lastName: "", locale: "en" };

/** Every address of app/routes.ts. Whoever adds one says here how another shop's rows are asked for by it. */
const visits: Record<string, Visit[]> = {
  "/": [{ what: "in Cedar's name", send: () => ask(`/?${CEDAR}`), status: 302 }],
  "/app": [
    ...page("/app"),
    { what: "a form of nobody's", send: () => ask("/app.data?index", form("hide")), status: 400, posts: true },
  ],
  "/app/referrals": [
    ...list("/app/referrals", "Referral"),
    { what: "of Cedar's referrer", send: () => ask(`/app/referrals.data?referrer=${ids.Referrer}`), status: 200 },
    ...judgements(() => "/app/referrals"),
  ],
  "/app/referrals/:id": [
    { what: "Cedar's", send: () => ask(`/app/referrals/${ids.Referral}.data`), status: 404 },
    { what: "Cedar's, as a document", send: () => open(`/app/referrals/${ids.Referral}`), status: 404 },
    ...judgements(() => `/app/referrals/${ids.Referral}`),
    {
      what: "ask for Cedar's coupons again",
      send: () => ask(`/app/referrals/${ids.Referral}.data`, { intent: "retry-rewards" }),
      status: 404,
      posts: true,
    },
  ],
  "/app/uncounted": [
    ...page("/app/uncounted"),
    { what: "by Cedar's order", send: () => ask("/app/uncounted.data?search=zinnia"), status: 200 },
  ],
  "/app/referrers": list("/app/referrers", "Referrer"),
  "/app/program": [
    ...page("/app/program"),
    { what: "save Cedar's", send: () => ask("/app/program.data", { shop: cedar.domain }), status: 400, posts: true },
  ],
  "/app/events": page("/app/events"),
  "/app/integrations/:esp": [
    { what: "Cedar's lists", send: () => ask(`/app/integrations/klaviyo.data?${CEDAR}`), status: 200 },
    {
      what: "Cedar's settings",
      send: () => ask("/app/integrations/klaviyo.data", { shop: cedar.domain }),
      status: 400,
      posts: true,
    },
  ],
  "/app/integrations": [
    ...page("/app/integrations"),
    ...["disconnect", "enable", "disable"].map((intent) => ({
      what: `${intent} Cedar's connection`,
      send: () => ask("/app/integrations.data", form(intent)),
      status: 200,
      posts: true as const,
    })),
    {
      what: "connect in Cedar's name with a wrong key",
      send: () =>
        ask("/app/integrations.data", {
          ...form("connect"),
          publicKey: cedar.account.publicKey,
          privateKey: `pk_${"0".repeat(34)}`,
        }),
      status: 422,
      posts: true,
    },
  ],
  "/app/deliveries": list("/app/deliveries", "Delivery"),
  "/app/deliveries/:id": [
    { what: "Cedar's", send: () => ask(`/app/deliveries/${ids.Delivery}.data`), status: 404 },
    { what: "Cedar's, in its name", send: () => ask(`/app/deliveries/${ids.Delivery}.data?${CEDAR}`), status: 404 },
    { what: "Cedar's, as a document", send: () => open(`/app/deliveries/${ids.Delivery}`), status: 404 },
    {
      what: "send Cedar's again",
      send: () => ask(`/app/deliveries/${ids.Delivery}.data`, {}),
      status: 404,
      posts: true,
    },
  ],
  "/app/*": [{ what: "in Cedar's name", send: () => ask(`/app/people/${ids.Person}.data?${CEDAR}`), status: 404 }],
  "/auth/*": [{ what: "in Cedar's name", send: () => ask(`/auth/session-token?${CEDAR}`), status: 200 }],
  "/webhooks": [
    {
      what: "an order of Cedar's, with its code",
      send: async () => {
        const [order] = await app.sim.client.orders("cedar");
        return webhook("/webhooks", "orders/paid", { ...order });
      },
      status: 200,
      posts: true,
    },
    {
      what: "a customer of Cedar's",
      send: () => webhook("/webhooks", "customers/update", { ...zinnia.customer, first_name: "Mallory" }),
      status: 200,
      posts: true,
    },
    {
      what: "that Cedar has uninstalled",
      send: () => webhook("/webhooks", "app/uninstalled", { myshopify_domain: cedar.domain }),
      status: 200,
      posts: true,
    },
  ],
  "/webhooks/compliance": [
    {
      what: "about Cedar",
      send: () => webhook("/webhooks/compliance", "shop/redact", { shop_domain: cedar.domain }),
      status: 400,
      posts: true,
    },
  ],
  "/proxy": [
    { what: "look as Cedar's customer", send: () => proxy({ customerId: zinnia.customer.id }), status: 200 },
    {
      what: "join as Cedar's customer",
      send: () => proxy({ customerId: zinnia.customer.id, method: "POST", query: { join: nonce() }, body: {} }),
      status: 404,
      posts: true,
    },
    {
      what: "look in Cedar's name",
      send: () => proxy({ customerId: zinnia.customer.id, tamper: { after: { set: { shop: cedar.domain } } } }),
      status: 401,
    },
  ],
  "/proxy/:code": [
    { what: "Cedar's referrer's link", send: () => proxy({ path: `/${zinnia.code}` }), status: 404 },
    {
      what: "post to Cedar's referrer's link",
      send: () => proxy({ path: `/${zinnia.code}`, method: "POST", body: {} }),
      status: 400,
      posts: true,
    },
    {
      what: "claim by Cedar's referrer's link",
      send: () => proxy({ path: `/${zinnia.code}`, method: "POST", query: { claim: nonce() }, body: CLAIM }),
      status: 200,
      posts: true,
    },
  ],
  "/proxy/verify/:token": [
    { what: "Cedar's proof", send: () => proxy({ path: "/verify/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }), status: 404 },
    {
      what: "take Cedar's proof",
      send: () => proxy({ path: "/verify/AAAAAAAAAAAAAAAA", method: "POST", query: { claim: nonce() }, body: {} }),
      status: 200,
      posts: true,
    },
  ],
};

/** Addresses of app/routes.ts, each with the file that answers. */
function addressesOf(entries: readonly RouteConfigEntry[], parent = ""): { address: string; file: string }[] {
  return entries.flatMap(({ path, file, children = [] }) => {
    const address = path ? `${parent}/${path}` : parent;
    return [{ address: address || "/", file }, ...addressesOf(children, address)];
  });
}

test("every address of the app is visited below, and posted to if it takes that", async () => {
  const all = addressesOf(routes);
  expect(new Set(all.map(({ address }) => address))).toEqual(new Set(Object.keys(visits)));
  const modules = import.meta.glob<{ action?: unknown }>("../../app/routes/**/route.{ts,tsx}");
  for (const { address, file } of all) {
    const { action } = (await modules[`../../app/${file}`]?.()) ?? {};
    if (action) expect(visits[address], address).toContainEqual(expect.objectContaining({ posts: true }));
  }
});

describe.each(Object.entries(visits))("%s", (_address, ofAddress) => {
  test.each(ofAddress)("$what: $status, nothing is told and nothing changes", async ({ send, status }) => {
    const before = await everything();
    const answer = await send();
    expect(answer).toMatchObject({ status });
    expect(secrets.filter((secret) => answer.body.includes(secret))).toEqual([]);
    expect(await everything()).toEqual(before);
  });
});

test("Cedar's own merchant is shown all of it", async () => {
  const opened = await app.open("cedar", "/app/referrals");
  expect(await opened.text()).toContain("Zinnia");
});
