import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { admin } from "#app/admin.server.ts";
import { now } from "#app/clock.server.ts";
import { db, keyring, pool } from "#app/db.server.ts";
import { ensureProgram } from "#app/domain/referrals/program.ts";
import { programTerms } from "#app/domain/referrals/terms.ts";
import { jobs } from "#app/jobs/index.ts";
import { closeQueues, openQueues } from "#app/queue/boss.ts";
import type { LaneRunner } from "#app/queue/lanes.ts";
import { type Inbox, openInbox } from "#app/shopify/inbox.ts";
import { recordInstall, syncShop } from "#app/shopify/install.ts";
import { processInbox } from "#app/shopify/process-inbox.ts";
import { offlineSessionId, writeSession } from "#app/shopify/sessions.ts";
import type { SignedWebhook } from "#app/shopify/verify-webhook.ts";
import { transact } from "#app/transact.server.ts";
import type { OrderPayload } from "#tests/simulator/client.ts";
import { type Simulator, startSimulator } from "#tests/simulator/start.ts";
import { routeShopifyTo } from "#tests/simulator/tunnel.ts";
import { begin, go, type History, history, PHASES, type Scene } from "./histories.ts";
import { calm, storm, type Weather } from "./storm.ts";

/** 300 histories: so many side by side in one shop, in so many storms, so many times over. */
const SIDE_BY_SIDE = 30;
const STORMS = 5;
const RUNS = 2;
const DAY = 86_400_000;

let sim: Simulator;
let inbox: Inbox;
let lanes: LaneRunner;
let restore: () => Promise<void>;
const stumbles: unknown[] = [];

// Only what the webhooks decide: no web server, no jobs but the stock's, nobody to tell.
beforeAll(async () => {
  const { SHOPIFY_API_KEY: apiKey = "", SHOPIFY_API_SECRET: apiSecret = "", CLOCK_OFFSET_FILE } = process.env;
  const appUrl = "http://localhost:1";
  sim = await startSimulator({ appUrl, apiKey, apiSecret, clockOffsetFile: CLOCK_OFFSET_FILE ?? null });
  restore = routeShopifyTo({ port: sim.tls.port, ca: sim.tls.caPem });
  const onError = (error: unknown) => void stumbles.push(error);
  await openQueues({ pool, queues: jobs, works: false, onError });
  inbox = openInbox({ pool, now, onAccepted: () => {} });
  lanes = processInbox({ db, pool, transact, admin, now, afterTurn: () => {}, onError });
  await sim.client.setWebhookMode({ hold: true });
});
afterAll(async () => {
  await lanes.stop();
  await closeQueues();
  await restore();
  await sim.close();
});

/** A shop that has installed the app and has a stock of codes. */
async function openScene(handle: string, holdDays: number): Promise<Scene> {
  const domain = `${handle}.myshopify.com`;
  await sim.client.createShop({ handle });
  const exchange = await fetch(`https://${domain}/admin/oauth/access_token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      client_id: process.env.SHOPIFY_API_KEY,
      client_secret: process.env.SHOPIFY_API_SECRET,
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: await sim.client.idToken(handle),
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
      expiring: "1",
    }),
  });
  const { access_token: accessToken }: { access_token: string } = await exchange.json();
  const tokens = { accessToken, expires: new Date(Date.now() + DAY), refreshToken: null, refreshTokenExpires: null };
  const session = { id: offlineSessionId(domain), shopDomain: domain, isOnline: false, scope: null, ...tokens };
  await writeSession({ db, keyring }, session);
  const { id: shopId } = await db.$transaction((tx) => recordInstall(tx, { domain, scopes: [], at: now() }));
  await syncShop({ db, admin: admin(domain), now }, shopId);
  const { id: programId, version, terms } = await transact(shopId, ensureProgram);
  await db.programVersion.update({
    where: { shopId_programId_version: { shopId, programId, version } },
    data: { terms: programTerms.parse({ ...terms, holdDays }) },
  });
  const { id: discountId } = await db.discount.findFirstOrThrow({ where: { shopId } });
  await jobs["stock-coupons"].run({ shopId, discountId }, false);
  return { client: sim.client, handle, shopId };
}

/** Lets all histories take place in one shop, phase by phase, while their webhooks come as the weather has it. */
async function live(scene: Scene, histories: readonly History[], weather: Weather): Promise<void> {
  const orders: OrderPayload[] = [];
  for (const [i, one] of histories.entries()) orders.push(await begin(scene, one, i));
  const seen = new Set<string>();
  for (let phase = 1; phase <= PHASES; phase++) {
    await arrive(weather.arriving(await newsOf(scene, seen)));
    for (const [i, order] of orders.entries()) {
      const change = histories[i]?.next[phase - 1];
      if (change) await go(scene, order, change);
    }
  }
  await arrive(weather.late());
}

/** The webhooks that Shopify would have sent since the last time. */
async function newsOf({ handle }: Scene, seen: Set<string>): Promise<SignedWebhook[]> {
  const fresh = (await sim.client.webhooks({ shop: handle })).filter(({ id }) => !seen.has(id));
  for (const { id } of fresh) seen.add(id);
  return fresh.map(({ id, topic, body }) => ({
    topic,
    shopDomain: `${handle}.myshopify.com`,
    webhookId: id,
    triggeredAt: null,
    text: body,
    body: JSON.parse(body),
    bodyHash: createHash("sha256").update(body).digest("hex"),
  }));
}

async function arrive(webhooks: readonly SignedWebhook[]): Promise<void> {
  await Promise.all(webhooks.map((webhook) => inbox.accept(webhook)));
  await lanes.drain();
}

const TABLES = {
  Person: "",
  Referrer: "",
  Referral: "",
  ReferralTransition: "",
  // The buyer's name as of the last look.
  OrderFacts: "#- '{facts,buyer}'",
  Coupon: "",
  Reward: "",
  ConsentRecord: "",
  OutboxEvent: "",
};

/** Every row, without what differs each time: ids, codes and moments. */
async function recordsOf({ shopId, handle }: Scene): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {};
  for (const [table, without] of Object.entries(TABLES)) {
    const { rows } = await pool.query<{ row: unknown }>(
      `SELECT to_jsonb(it) ${without} AS row FROM "${table}" it WHERE it."shopId" = $1`,
      [shopId],
    );
    tables[table] = rows.map(({ row }) => comparable(JSON.stringify(row), handle)).sort();
  }
  return tables;
}

function comparable(row: string, handle: string): string {
  return row
    .replaceAll(handle, "<shop>")
    .replace(/\b[a-z]{3}_[0-9a-z]{26}\b/g, "<id>")
    .replace(/gid:\/\/shopify\/(\w+)\/\d+/g, "<$1>")
    .replace(/"Order ID":"\d+"/g, '"Order ID":"<id>"')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)/g, "<time>")
    .replace(/\bOCEAN[2-9A-Z]{5}\b/g, "<code>")
    .replace(/\b(FRIEND|THANKS)-[2-9A-Z]{10}\b/g, "<coupon>");
}

async function expectOneRewardEach({ shopId }: Scene): Promise<void> {
  const referrals = await db.referral.findMany({ where: { shopId }, include: { rewards: true, transitions: true } });
  expect(referrals.length).toBeGreaterThan(0);
  for (const { rewards, transitions } of referrals) {
    const owed = rewards.filter(({ role }) => role === "referrer");
    expect(owed).toHaveLength(transitions.some(({ to }) => to === "approved") ? 1 : 0);
  }
}

test("300 histories end alike, however their webhooks come", { timeout: 600_000 }, async () => {
  let run = 0;
  const endAlike = fc.asyncProperty(
    fc.array(history, { minLength: SIDE_BY_SIDE, maxLength: SIDE_BY_SIDE }),
    fc.array(fc.nat(), { minLength: STORMS, maxLength: STORMS }),
    async (histories, seeds) => {
      const holdDays = run++ % 2 ? 7 : 0;
      const reference = await openScene(`calm-${run}`, holdDays);
      await live(reference, histories, calm);
      const stormy: Scene[] = [];
      for (const [i, seed] of seeds.entries()) {
        const scene = await openScene(`stormy-${run}-${i}`, holdDays);
        await live(scene, histories, storm(seed));
        stormy.push(scene);
      }
      await sim.client.setClock({ advanceMs: 8 * DAY });
      await jobs["settle-due"].run({}, false);
      expect(stumbles).toEqual([]);
      const expected = await recordsOf(reference);
      for (const scene of stormy) {
        expect(await recordsOf(scene)).toEqual(expected);
        await expectOneRewardEach(scene);
      }
    },
  );
  await fc.assert(endAlike, { numRuns: RUNS, endOnFailure: true });
});
