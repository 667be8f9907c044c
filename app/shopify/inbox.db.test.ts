import { beforeEach, expect, test, vi } from "vitest";
import { db, pool } from "#app/db.server.ts";
import { AdminUnavailable, ReconnectNeeded } from "#app/shopify/admin/errors.ts";
import { emptyTables } from "#tests/database.ts";
import { countFailedWebhooks, retryFailedWebhooks } from "./failed-webhooks.ts";
import { openInbox } from "./inbox.ts";
import { recordInstall } from "./install.ts";
import { processInbox } from "./process-inbox.ts";
import type { SignedWebhook } from "./verify-webhook.ts";

const NOW = new Date("2026-11-05T10:00:00.000Z");

function webhook(changes: Partial<SignedWebhook> = {}): SignedWebhook {
  const { body = { admin_graphql_api_id: "gid://shopify/Order/1" } } = changes;
  return {
    topic: "orders/create",
    shopDomain: "juniper.myshopify.com",
    webhookId: "w-1",
    triggeredAt: NOW,
    text: JSON.stringify(body),
    body,
    bodyHash: "0".repeat(64),
    ...changes,
  };
}

function order(number: number, webhookId: string, topic = "orders/create"): SignedWebhook {
  return webhook({ topic, webhookId, body: { admin_graphql_api_id: `gid://shopify/Order/${number}` } });
}

const onAccepted = vi.fn();
const inbox = openInbox({ pool, now: () => NOW, onAccepted });

async function rows() {
  return db.webhookInbox.findMany({ where: { shopId: "shp_juniper" }, orderBy: { seq: "asc" } });
}

beforeEach(async () => {
  await emptyTables();
  const shop = { installedAt: NOW, currency: "USD", primaryDomainUrl: "https://juniper.shop" };
  await db.shop.create({ data: { id: "shp_juniper", domain: "juniper.myshopify.com", ...shop } });
  await db.shop.create({
    data: { id: "shp_cedar", domain: "cedar.myshopify.com", uninstalledAt: NOW, ...shop },
  });
});

test("a webhook is stored with what it said, and its lane is awake", async () => {
  expect(await inbox.accept(webhook())).toBe("accepted");
  expect(await rows()).toMatchObject([
    { topic: "orders/create", state: "pending", body: webhook().text, receivedAt: NOW, triggeredAt: NOW },
  ]);
  expect(await db.lane.findMany()).toMatchObject([
    { id: "inbox:shp_juniper:gid://shopify/Order/1", kind: "inbox", shopId: "shp_juniper" },
  ]);
});

test("the same webhook id again is a duplicate, also in the same batch; another topic with it is not", async () => {
  const answers = await Promise.all([webhook(), webhook(), webhook({ topic: "orders/paid" })].map(inbox.accept));
  expect(answers).toEqual(["accepted", "duplicate", "accepted"]);
  expect(await inbox.accept(webhook())).toBe("duplicate");
  expect(await rows()).toHaveLength(2);
});

test("bodies of a batch are told apart whatever letters they hold", async () => {
  const notes = ["", "é 日本 🌿", "ordinary", '\u0000 quoted " and \\ slashed'];
  const bodies = notes.map((note) => ({ admin_graphql_api_id: "gid://shopify/Order/1", note }));
  await Promise.all(bodies.map((body, i) => inbox.accept(webhook({ body, webhookId: `w-${i}` }))));
  expect((await rows()).map(({ body }) => JSON.parse(body ?? ""))).toEqual(bodies);
});

test("hundreds at once are all stored, in one order per lane", async () => {
  const many = Array.from({ length: 900 }, (_, i) => order(i % 90, `w-${i}`));
  expect(new Set(await Promise.all(many.map(inbox.accept)))).toEqual(new Set(["accepted"]));
  expect((await rows()).map(({ webhookId }) => webhookId)).toEqual(many.map(({ webhookId }) => webhookId));
  expect(await db.lane.count()).toBe(90);
});

test("an unknown shop's webhook is not stored; one that uninstalled still gets its compliance webhooks", async () => {
  expect(await inbox.accept(webhook({ shopDomain: "fir.myshopify.com" }))).toBe("unknown_shop");
  expect(await inbox.accept(webhook({ shopDomain: "cedar.myshopify.com" }))).toBe("unknown_shop");
  const redact = webhook({ shopDomain: "cedar.myshopify.com", topic: "shop/redact", body: { shop_id: 1 } });
  expect(await inbox.accept(redact)).toBe("accepted");
});

test("a database that refuses makes every webhook of the batch fail, and the next one is stored again", async () => {
  const query = vi.spyOn(pool, "query").mockImplementationOnce(() => Promise.reject(new Error("down")));
  const answers = await Promise.allSettled([order(1, "a"), order(2, "b")].map(inbox.accept));
  expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  query.mockRestore();
  expect(await inbox.accept(order(1, "a"))).toBe("accepted");
});

/** Processes with an Admin API that is down, or has no order, as the test says. */
function processing(ask: () => Promise<unknown>) {
  const seen: string[] = [];
  const runner = processInbox({
    db,
    pool,
    now: () => NOW,
    transact: () => Promise.reject(new Error("not in these tests")),
    admin: (shopDomain) => ({
      shopDomain,
      ask: async <Result>() => {
        seen.push(shopDomain);
        return (await ask()) as Result;
      },
    }),
    afterTurn: () => {},
    onError: () => {},
  });
  return { seen, runner };
}

/** As if those that wait had failed so often: the next rest is minutes, so that nobody looks when it is over. */
async function failedBefore(attempts = 5): Promise<void> {
  await pool.query(`UPDATE "WebhookInbox" SET "attempts" = $1 WHERE "shopId" = 'shp_juniper' AND "state" = 'pending'`, [
    attempts,
  ]);
}

const scopes = (webhookId: string) => webhook({ topic: "app/scopes_update", webhookId, body: {} });

test("processed webhooks are done, and their empty lane is removed", async () => {
  const { runner } = processing(async () => ({
    currentAppInstallation: { accessScopes: [{ handle: "read_orders" }] },
  }));
  await inbox.accept(scopes("w-1"));
  await runner.drain();
  expect(await rows()).toMatchObject([{ state: "done", reason: "scopes_read", attempts: 1, doneAt: NOW }]);
  expect(await db.lane.count()).toBe(0);
  expect(await db.shop.findUnique({ where: { id: "shp_juniper" } })).toMatchObject({ scopes: ["read_orders"] });
  await runner.stop();
});

test("one that fails rests with those behind it, says why, and ends as failed after its last try", async () => {
  const { runner, seen } = processing(() => Promise.reject(new AdminUnavailable("the Admin API", 503)));
  await inbox.accept(scopes("w-1"));
  await inbox.accept(scopes("w-2"));
  await failedBefore();
  await runner.drain();
  expect(await rows()).toMatchObject([
    { state: "pending", attempts: 6, reason: "shopify_unavailable: 503" },
    { state: "pending", attempts: 5 },
  ]);
  expect(seen).toHaveLength(1);
  await pool.query(`UPDATE "WebhookInbox" SET "attempts" = 11 WHERE "shopId" = 'shp_juniper' AND "webhookId" = 'w-1'`);
  await pool.query(`UPDATE "Lane" SET "readyAt" = now() - interval '1 second'`);
  await runner.drain();
  expect(await rows()).toMatchObject([
    { state: "failed", attempts: 12 },
    { state: "pending", attempts: 6 },
  ]);
  await runner.stop();
});

test("one that failed is tried again when the merchant asks, or by itself when only the token was missing", async () => {
  let works = false;
  const installation = { currentAppInstallation: { accessScopes: [] } };
  const { runner } = processing(async () => {
    if (!works) throw new ReconnectNeeded("juniper.myshopify.com");
    return installation;
  });
  const fail = async (webhookId: string) => {
    works = false;
    await inbox.accept(scopes(webhookId));
    await failedBefore(11);
    await runner.drain();
    expect(await countFailedWebhooks(db, "shp_juniper")).toBe(1);
    works = true;
  };
  await fail("w-1");
  expect(await retryFailedWebhooks(db, "shp_juniper", "another reason")).toBe(0);
  expect(await retryFailedWebhooks(db, "shp_juniper")).toBe(1);
  await runner.drain();
  expect(await rows()).toMatchObject([{ state: "done", attempts: 1 }]);

  await fail("w-2");
  await recordInstall(db, { domain: "juniper.myshopify.com", scopes: [], at: NOW });
  await runner.drain();
  expect(await rows()).toMatchObject([{ state: "done" }, { state: "done", reason: "scopes_read", attempts: 1 }]);
  expect(await countFailedWebhooks(db, "shp_juniper")).toBe(0);
  await runner.stop();
});

test("a signed body that cannot be read fails visibly", async () => {
  const { runner } = processing(async () => ({}));
  await inbox.accept(webhook({ body: { unexpected: true } }));
  await failedBefore();
  await runner.drain();
  expect(await rows()).toMatchObject([{ state: "pending", attempts: 6, reason: "ZodError" }]);
  await runner.stop();
});
