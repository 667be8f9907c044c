import type { Shop } from "@prisma/client";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { admin } from "#app/admin.server.ts";
import { db, keyring, pool } from "#app/db.server.ts";
import { jobs } from "#app/jobs/index.ts";
import { readCustomer } from "#app/shopify/admin/customer.ts";
import { AdminRefused, AdminUnavailable, ReconnectNeeded } from "#app/shopify/admin/errors.ts";
import { readScopes } from "#app/shopify/admin/shop.ts";
import { accessToken } from "#app/shopify/admin/token.ts";
import { readSession, writeSession } from "#app/shopify/sessions.ts";
import { openApp } from "#tests/app.ts";
import { CHROME } from "#tests/chrome.ts";
import { emptyTables } from "#tests/database.ts";

const DOMAIN = "juniper.myshopify.com";
const DAY = 86_400_000;
const SESSION = `offline_${DOMAIN}`;

const app = await openApp();

beforeEach(async () => {
  await app.drain();
  await app.sim.client.reset();
  await emptyTables();
  await app.sim.client.createShop({ handle: "juniper", name: "Juniper", currency: "JPY", timezone: "Asia/Tokyo" });
  await app.sim.client.createShop({ handle: "cedar" });
});

function readShop(): Promise<Shop> {
  return db.shop.findUniqueOrThrow({ where: { domain: DOMAIN } });
}

async function installed(): Promise<Shop> {
  expect((await app.open("juniper")).status).toBe(200);
  await app.drain();
  return readShop();
}

/** Why the webhooks of a topic ended as they did, in order. */
async function verdicts(topic: string) {
  const { id: shopId } = await readShop();
  const rows = await db.webhookInbox.findMany({ where: { shopId, topic }, orderBy: { seq: "asc" } });
  return rows.map(({ state, reason }) => `${state}: ${reason}`);
}

/** Changes the stored session as time or Shopify would. */
async function changeSession(change: { accessToken?: string; refreshToken?: string; expires?: Date }) {
  const session = await readSession({ db, keyring }, SESSION);
  if (!session) throw new Error("no session");
  await writeSession({ db, keyring }, { ...session, ...change });
  return session;
}

/** Counts the calls to Shopify's token endpoint from now on. */
function tokenCalls() {
  const fetches = vi.spyOn(globalThis, "fetch");
  return () => fetches.mock.calls.filter(([url]) => String(url).endsWith("/admin/oauth/access_token")).length;
}

const soon = () => new Date(Date.now() + 60_000);

describe("install", () => {
  test("the first visit reads the shop's facts and gives it its default program", async () => {
    const shop = await installed();
    expect(shop).toMatchObject({
      name: "Juniper",
      currency: "JPY",
      timezone: "Asia/Tokyo",
      primaryDomainUrl: `https://${DOMAIN}`,
      uninstalledAt: null,
    });
    expect(shop.scopes).toContain("read_orders");
    expect(await db.program.findMany({ where: { shopId: shop.id } })).toMatchObject([{ state: "live" }]);
  });

  test("later visits change nothing but when the shop was last seen", async () => {
    const first = await installed();
    const calls = tokenCalls();
    expect(await installed()).toEqual({ ...first, seenAt: expect.any(Date) });
    expect(calls()).toBe(0);
    await app.sim.client.setClock({ advanceMs: 3_600_000 });
    const { seenAt } = await installed();
    expect(seenAt?.getTime()).toBeGreaterThan(first.installedAt.getTime() + 3_500_000);
  });

  test("a visit repairs an installation that was not recorded when its token was exchanged", async () => {
    const { id } = await installed();
    await db.shop.update({ where: { id }, data: { uninstalledAt: new Date(), syncedAt: null } });
    const calls = tokenCalls();
    expect(await installed()).toMatchObject({ id, uninstalledAt: null, syncedAt: expect.any(Date) });
    expect(calls()).toBe(0);
  });

  test("a visit without a session token is sent to fetch one, one with an expired token is told to try again", async () => {
    const bare = await app.sim.client.appUrl("juniper", "/app", { idToken: false });
    expect((await fetch(bare, { redirect: "manual" })).status).not.toBe(200);
    const expired = await app.sim.client.idToken("juniper", { expired: true });
    const headers = { authorization: `Bearer ${expired}`, "user-agent": CHROME };
    const answer = await fetch(`${app.url}/app.data`, { headers });
    expect(answer.headers.get("x-shopify-retry-invalid-session-request")).toBe("1");
    expect(await db.shop.count()).toBe(0);
  });

  test("a link that is followed before the app's script runs still leads to its page", async () => {
    await installed();
    const page = await app.sim.client.appUrl("juniper", "/app");
    const follow = (url: string, headers: Record<string, string>) =>
      fetch(url, { redirect: "manual", headers: { "user-agent": CHROME, ...headers } });
    const followed = await follow(`${app.url}/app/referrals?show=purchased`, { referer: page });
    const whole = new URL(followed.headers.get("location") ?? "", app.url);
    expect(whole.pathname).toBe("/app/referrals");
    const { shop, host, embedded } = Object.fromEntries(new URL(page).searchParams);
    expect(Object.fromEntries(whole.searchParams)).toMatchObject({ show: "purchased", shop, host, embedded });
    expect(whole.searchParams.has("id_token")).toBe(false);

    const bounced = await follow(whole.href, { referer: page });
    expect(bounced.headers.get("location")).toContain("/auth/session-token");
    // Without such a page behind it nobody knows which shop's admin it was.
    const stray = await follow(`${app.url}/app/referrals`, { referer: "https://elsewhere.test/?shop=juniper" });
    expect(stray.headers.get("location")).toBe("/auth/login");
  });

  test("tokens are sealed in the database", async () => {
    await installed();
    const { rows } = await pool.query('SELECT * FROM "Session"');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/shpat_|shprt_/);
  });
});

describe("tokens", () => {
  const tokenDeps = () => ({ db, keyring, pool, apiKey: "test-key", apiSecret: "test-secret" });
  const ask = () => readScopes(admin(DOMAIN));

  test("one that is about to expire is refreshed once, however many want it", async () => {
    await installed();
    const old = await changeSession({ expires: soon() });
    const calls = tokenCalls();
    const tokens = await Promise.all(Array.from({ length: 8 }, () => accessToken(tokenDeps(), DOMAIN)));
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).not.toBe(old.accessToken);
    expect(calls()).toBe(1);
    expect((await ask()).length).toBeGreaterThan(0);
  });

  test("one that Shopify refuses is refreshed once, and the call made again", async () => {
    await installed();
    await changeSession({ accessToken: "shpat_revoked" });
    const calls = tokenCalls();
    expect((await ask()).length).toBeGreaterThan(0);
    expect(calls()).toBe(1);
  });

  test("when nothing works any more the shop has to be opened again, and that repairs it", async () => {
    await installed();
    await changeSession({ accessToken: "shpat_revoked", refreshToken: "shprt_revoked" });
    await expect(ask()).rejects.toThrow(ReconnectNeeded);
    await installed();
    expect((await ask()).length).toBeGreaterThan(0);
  });

  test("one that a visit exchanges while the old one is refused is used, and stays", async () => {
    await installed();
    const old = { accessToken: "shpat_revoked", refreshToken: "shprt_revoked" };
    await changeSession({ ...old, expires: new Date(Date.now() - 60_000) });
    const { fetch } = globalThis;
    vi.spyOn(globalThis, "fetch").mockImplementation(async (url, init) => {
      // Before Shopify hears of it, so its answer to our refresh comes after the exchange.
      if (String(init?.body).includes(old.refreshToken)) expect((await app.open("juniper")).status).toBe(200);
      return fetch(url, init);
    });
    const token = await accessToken(tokenDeps(), DOMAIN);
    const session = await readSession({ db, keyring }, SESSION);
    expect(session?.accessToken).toBe(token);
    expect(token).not.toBe(old.accessToken);
    expect((await ask()).length).toBeGreaterThan(0);
  });

  test("shops whose tokens cannot be used do not keep the others' from being used once a day", async () => {
    await installed();
    const old = await changeSession({ expires: new Date(Date.now() - 2 * DAY) });
    // As many as one run takes, all before it; Shopify answers neither yes nor "dead" for them.
    const before = { accessToken: "shpat_x", refreshToken: "shprt_x", expires: new Date(Date.now() - 3 * DAY) };
    const stuck = Array.from({ length: 200 }, (_, i) => `frozen-${i}.myshopify.com`);
    await Promise.all(
      stuck.map((shopDomain) =>
        writeSession({ db, keyring }, { ...old, ...before, id: `offline_${shopDomain}`, shopDomain }),
      ),
    );
    const { run } = jobs["refresh-tokens"];
    await run({}, false);
    expect(await readSession({ db, keyring }, SESSION)).toMatchObject({ accessToken: old.accessToken });
    await run({}, false);
    const now = await readSession({ db, keyring }, SESSION);
    expect(now?.accessToken).not.toBe(old.accessToken);
    expect(now?.expires?.getTime()).toBeGreaterThan(Date.now());

    const kept = await readSession({ db, keyring }, `offline_${stuck[0]}`);
    expect(kept).toMatchObject({ accessToken: before.accessToken, refreshToken: before.refreshToken });
    // They had their turn for today.
    const calls = tokenCalls();
    await run({}, false);
    expect(calls()).toBe(0);
  });

  test("a wrong client secret of ours costs no shop its tokens", async () => {
    await installed();
    await changeSession({ expires: soon() });
    const wrong = { ...tokenDeps(), apiSecret: "wrong" };
    await expect(accessToken(wrong, DOMAIN)).rejects.toThrow(AdminUnavailable);
    expect((await ask()).length).toBeGreaterThan(0);
  });

  test("a THROTTLED call waits and is made again", async () => {
    await installed();
    await app.sim.client.setAdminApiMode({ throttle: 2 });
    expect((await ask()).length).toBeGreaterThan(0);
  });

  test("what the app was not granted is an error, not an absence", async () => {
    await installed();
    await app.sim.client.setScopes("juniper", ["read_discounts"]);
    await app.drain();
    const gid = "gid://shopify/Customer/1";
    await expect(readCustomer(admin(DOMAIN), gid)).rejects.toThrow(AdminRefused);
  });

  test("an outage is told from a refusal", async () => {
    await installed();
    await app.sim.client.setAdminApiMode({ fail: { status: 503, times: 1 } });
    await expect(ask()).rejects.toThrow(AdminUnavailable);
    await app.sim.client.setAdminApiMode({ fail: { status: 402, times: 1 } });
    await expect(ask()).rejects.toMatchObject({ name: "AdminUnavailable", status: 402 });
  });
});

describe("app/uninstalled", () => {
  const connection = { esp: "klaviyo", settings: {}, connectedAt: new Date(), updatedAt: new Date() };

  type Pause = { state: string; pausedReason: string | null };
  const connected: Pause = { state: "connected", pausedReason: null };
  const paused = (pausedReason: string): Pause => ({ state: "paused", pausedReason });
  async function withConnection(shopId: string, pause: Pause) {
    await db.connection.create({ data: { shopId, id: "con_1", ...pause, ...connection } });
  }
  const readConnection = (shopId: string) =>
    db.connection.findUniqueOrThrow({ where: { shopId_id: { shopId, id: "con_1" } } });

  test.each([
    ["connected", connected, paused("uninstalled"), connected],
    ["whose ESP does not answer", paused("unavailable"), paused("uninstalled"), connected],
    ["whose key was refused", paused("reconnect"), paused("reconnect"), paused("reconnect")],
    ["off", { ...connected, state: "disabled" }, { state: "disabled" }, { state: "disabled" }],
  ])(
    "the tokens go, the data stays; a connection that is %s rests until the app is installed again",
    async (...how) => {
      const [, before, resting, after] = how;
      const { id } = await installed();
      await withConnection(id, before);
      await app.sim.client.uninstall("juniper");
      await app.drain();
      expect(await verdicts("app/uninstalled")).toEqual(["done: uninstalled"]);
      expect(await db.session.count()).toBe(0);
      expect((await readShop()).uninstalledAt).toBeInstanceOf(Date);
      expect(await readConnection(id)).toMatchObject(resting);

      await app.sim.client.install("juniper");
      const revived = await installed();
      expect(revived).toMatchObject({ id, uninstalledAt: null, currency: "JPY" });
      expect(await readConnection(id)).toMatchObject(after);
    },
  );

  test("one that comes after the merchant is back in the app switches nothing off, and its dead tokens are replaced", async () => {
    const { id } = await installed();
    await withConnection(id, connected);
    await app.sim.client.setWebhookMode({ hold: true });
    await app.sim.client.uninstall("juniper");
    await app.sim.client.setClock({ advanceMs: 60_000 });
    await app.sim.client.install("juniper");
    const calls = tokenCalls();
    await installed();
    // The old token is not past its date, so the visit left it where it was.
    expect(calls()).toBe(0);

    await app.sim.client.releaseWebhooks();
    await app.drain();
    expect(await verdicts("app/uninstalled")).toEqual(["ignored: older_than_visit"]);
    expect(await readShop()).toMatchObject({ uninstalledAt: null });
    expect(await readConnection(id)).toMatchObject(connected);
    await expect(readScopes(admin(DOMAIN))).rejects.toThrow(ReconnectNeeded);
    await installed();
    expect((await readScopes(admin(DOMAIN))).length).toBeGreaterThan(0);
  });

  test("one that is worked on while the merchant comes back is forgotten, and nothing of it is written", async () => {
    await installed();
    await app.sim.client.setWebhookMode({ hold: true });
    await app.sim.client.uninstall("juniper");
    await app.sim.client.setClock({ advanceMs: 60_000 });
    const { fetch } = globalThis;
    let asked = 0;
    vi.spyOn(globalThis, "fetch").mockImplementation(async (url, init) => {
      const answer = await fetch(url, init);
      if (String(init?.body).includes('"refresh_token"') && asked++ === 0) {
        await app.sim.client.install("juniper");
        expect((await app.open("juniper")).status).toBe(200);
      }
      return answer;
    });
    await app.sim.client.releaseWebhooks();
    await app.drain();
    expect(await verdicts("app/uninstalled")).toEqual(["ignored: older_than_visit"]);
    expect(asked).toBe(1);
    expect(await readShop()).toMatchObject({ uninstalledAt: null });
    expect(await db.session.count()).toBe(1);
  });

  test.each([
    ["that comes late, after the merchant installed again", { at: "2020-01-01T00:00:00Z" }, "older_than_installation"],
    ["of a shop whose token still works", {}, "still_installed"],
    ["whose body is another shop's", { body: "cedar.myshopify.com" }, "not_this_shops"],
  ])("one %s changes nothing", async (_what, { at, body = DOMAIN }: { at?: string; body?: string }, reason) => {
    const before = await installed();
    const sent = await app.sim.client.sendRawWebhook({
      path: "/webhooks",
      shop: "juniper",
      topic: "app/uninstalled",
      body: { id: 1, myshopify_domain: body },
      headers: { "X-Shopify-Triggered-At": at ?? new Date().toISOString() },
    });
    expect(sent.status).toBe(200);
    await app.drain();
    expect(await verdicts("app/uninstalled")).toEqual([`ignored: ${reason}`]);
    expect(await readShop()).toEqual(before);
    expect(await db.session.count()).toBe(1);
  });
});

test("app/scopes_update: the scopes are what Shopify says, not what the payload says", async () => {
  await installed();
  await app.sim.client.setScopes("juniper", ["read_orders"]);
  await app.drain();
  expect((await readShop()).scopes).toEqual(["read_orders"]);
  await app.sim.client.sendRawWebhook({
    path: "/webhooks",
    shop: "juniper",
    topic: "app/scopes_update",
    body: { id: 1, current: ["write_everything"] },
  });
  await app.drain();
  expect((await readShop()).scopes).toEqual(["read_orders"]);
});
