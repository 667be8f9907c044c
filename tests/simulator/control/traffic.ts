import { randomUUID } from "node:crypto";
import { Refusal } from "../http.ts";
import { mustFindShop } from "../shopify/platform.ts";
import { permanentDomain } from "../shopify/state.ts";
import { callProxy } from "../shopify/storefront/proxy.ts";
import { post, signBody } from "../shopify/webhook-request.ts";
import { COMPLIANCE_TOPICS, type WebhookMode } from "../shopify/webhooks.ts";
import { type ControlCall, type ControlRoute, isOn, shopOf } from "./route.ts";

/** A change of the proxy's query. */
interface QueryEdit {
  set?: Record<string, string>;
  append?: Record<string, string>;
  remove?: string[];
}

export interface ProxyInput {
  /** Below /apps/{subpath}. */
  path?: string;
  method?: string;
  query?: Record<string, string | string[]>;
  /** A text goes out as it is, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Who is signed in at the storefront. */
  customerId?: number | null;
  /** `signed` changes the query before Shopify signs it (an old timestamp, a parameter twice), `after` afterwards. */
  tamper?: { signed?: QueryEdit; after?: QueryEdit };
}

function edit(change: QueryEdit | undefined): (query: URLSearchParams) => void {
  return (query) => {
    for (const name of change?.remove ?? []) query.delete(name);
    for (const [name, value] of Object.entries(change?.set ?? {})) query.set(name, value);
    for (const [name, value] of Object.entries(change?.append ?? {})) query.append(name, value);
  };
}

async function proxy(call: ControlCall) {
  const input: ProxyInput = call.body;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, one);
  }
  const isText = typeof input.body === "string";
  const hasBody = input.body !== undefined;
  const type = isText ? "application/x-www-form-urlencoded" : "application/json";
  const answer = await callProxy(call.platform, shopOf(call), {
    method: input.method ?? (hasBody ? "POST" : "GET"),
    path: input.path ?? "",
    query,
    headers: { accept: "*/*", ...(hasBody ? { "content-type": type } : {}), ...input.headers },
    body: Buffer.from(hasBody ? (isText ? String(input.body) : JSON.stringify(input.body)) : ""),
    ip: "127.0.0.1",
    customerId: input.customerId ?? null,
    beforeSigning: edit(input.tamper?.signed),
    afterSigning: edit(input.tamper?.after),
  });
  return { status: answer.status, headers: answer.headers ?? {}, body: String(answer.body ?? "") };
}

export interface RawWebhookInput {
  /** On the app, e.g. "/webhooks". */
  path: string;
  /** A text goes out byte for byte, anything else as JSON. */
  body?: unknown;
  /** Gives the usual headers of that shop and topic. */
  shop?: string;
  topic?: string;
  webhookId?: string;
  /** Overrides; null takes one away. */
  headers?: Record<string, string | null>;
  /** Default true. */
  sign?: boolean;
  /** Default the app's own. */
  secret?: string;
}

async function raw({ platform, body: input }: ControlCall) {
  const { path, shop, topic, webhookId, headers: overrides, sign, secret }: Partial<RawWebhookInput> = input;
  if (!path) throw new Refusal(422, "path is missing");
  const body = typeof input.body === "string" ? input.body : JSON.stringify(input.body ?? {});
  const headers: Record<string, string | null> = {
    "Content-Type": "application/json",
    "User-Agent": "Shopify-Captain-Hook",
    "X-Shopify-API-Version": platform.app.toml.apiVersion,
    "X-Shopify-Event-Id": randomUUID(),
    "X-Shopify-Hmac-Sha256": sign === false ? null : signBody(body, secret ?? platform.app.apiSecret),
    "X-Shopify-Shop-Domain": shop ? `${shop}.myshopify.com` : null,
    "X-Shopify-Topic": topic ?? null,
    "X-Shopify-Triggered-At": platform.clock.now().toISOString(),
    "X-Shopify-Webhook-Id": webhookId ?? randomUUID(),
    ...overrides,
  };
  const sent = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null);
  const answer = await post(new URL(path, platform.app.url).href, Object.fromEntries(sent), body);
  return { status: answer.status, body: answer.text, error: answer.error };
}

export interface ComplianceInput {
  shop: string;
  topic: string;
  payload?: Record<string, unknown>;
}

function compliance({ platform, body }: ControlCall) {
  const { shop: handle, topic = "", payload }: Partial<ComplianceInput> = body;
  const shop = mustFindShop(platform, handle ?? "");
  if (!COMPLIANCE_TOPICS.includes(topic)) throw new Refusal(422, `"${topic}" is not a compliance topic`);
  return platform.webhooks.send(shop, topic, { shop_id: shop.id, shop_domain: permanentDomain(shop), ...payload });
}

function release({ platform, body }: ControlCall) {
  const { order } = body;
  return platform.webhooks.release(Array.isArray(order) ? order.map(String) : undefined);
}

function setMode({ platform, body }: ControlCall): WebhookMode {
  const change: Partial<WebhookMode> = body;
  return platform.webhooks.setMode(change);
}

export interface AdminApiModeInput {
  throttle?: number;
  /** Null ends it. */
  fail?: { status: number; times: number; operationName?: string; done?: boolean } | null;
  refuseCodes?: number;
  latencyMs?: number;
  bulkMs?: number;
}

function setAdminApiMode({ platform, body }: ControlCall) {
  const { throttle, fail, refuseCodes, latencyMs, bulkMs }: AdminApiModeInput = body;
  const mode = platform.adminApi;
  if (throttle !== undefined) mode.throttle = throttle;
  if (latencyMs !== undefined) mode.latencyMs = latencyMs;
  if (bulkMs !== undefined) mode.bulkMs = bulkMs;
  if (refuseCodes !== undefined) mode.refuseCodes = refuseCodes;
  if (fail !== undefined) {
    mode.fail = fail && { ...fail, operationName: fail.operationName ?? null, done: fail.done ?? false };
  }
  const { calls: _calls, ...inForce } = mode;
  return inForce;
}

export const trafficRoutes: ControlRoute[] = [
  ["POST", "/shops/:shop/proxy", proxy],
  ["GET", "/webhooks", ({ platform, query }) => platform.webhooks.list(Object.fromEntries(query))],
  ["POST", "/webhooks/mode", setMode],
  ["POST", "/webhooks/release", release],
  [
    "GET",
    "/webhooks/idle",
    async ({ platform, query }) => ({ idle: await platform.webhooks.idle(Number(query.get("timeoutMs") ?? 30_000)) }),
  ],
  ["POST", "/webhooks/raw", raw],
  ["POST", "/webhooks/compliance", compliance],
  [
    "POST",
    "/webhooks/:id/redeliver",
    ({ platform, params, body }) => platform.webhooks.redeliver(params.id ?? "", Number(body.times ?? 1)),
  ],
  ["POST", "/admin-api/mode", setAdminApiMode],
  [
    "GET",
    "/admin-api/calls",
    ({ platform, query }) => {
      const calls = [...platform.adminApi.calls];
      if (isOn(query.get("clear"))) platform.adminApi.calls = [];
      return calls;
    },
  ],
];
