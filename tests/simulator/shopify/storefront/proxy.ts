import { createHmac } from "node:crypto";
import { Agent, fetch } from "undici";
import type { Answer, Incoming } from "../../http.ts";
import { Refusal } from "../../http.ts";
import type { Platform } from "../platform.ts";
import { permanentDomain, type Shop } from "../state.ts";
import { resolveAppAddress } from "../toml.ts";

const agent = new Agent({ keepAliveTimeout: 1000, keepAliveMaxTimeout: 1000 });

/** Where the storefront serves the app: "/apps/passalong". */
export function proxyPrefix(platform: Platform): string | null {
  const { proxy } = platform.app.toml;
  return proxy ? `/${proxy.prefix}/${proxy.subpath}` : null;
}

/**
 * The query that Shopify adds and signs: hex HMAC-SHA256 over `key=value` pairs, sorted, repeated values joined by a comma,
 * pairs joined without a separator. https://shopify.dev/docs/apps/build/online-store/app-proxies/authenticate-app-proxies
 */
function signProxyQuery(
  platform: Platform,
  shop: Shop,
  query: URLSearchParams,
  customerId: number | null,
  beforeSigning?: (query: URLSearchParams) => void,
): URLSearchParams {
  const signed = new URLSearchParams(query);
  for (const name of ["signature", "shop", "path_prefix", "timestamp", "logged_in_customer_id"]) signed.delete(name);
  signed.set("shop", permanentDomain(shop));
  signed.set("logged_in_customer_id", customerId === null ? "" : String(customerId));
  signed.set("path_prefix", proxyPrefix(platform) ?? "");
  signed.set("timestamp", String(Math.floor(Date.now() / 1000)));
  beforeSigning?.(signed);
  const message = [...new Set(signed.keys())]
    .map((key) => `${key}=${signed.getAll(key).join(",")}`)
    .sort()
    .join("");
  signed.set("signature", createHmac("sha256", platform.app.apiSecret).update(message).digest("hex"));
  return signed;
}

/** What reaches the app of a buyer's request; cookies do not. */
const FORWARDED = ["accept", "accept-language", "content-type", "user-agent", "referer", "origin", "x-requested-with"];

/** What comes back to the buyer; cookies do not. */
const RETURNED = ["content-type", "cache-control", "location", "etag", "last-modified", "vary", "content-language"];

interface ProxyCall {
  method: string;
  /** Below the prefix, "" or beginning with a slash. */
  path: string;
  query: URLSearchParams;
  headers: Incoming["headers"];
  body: Buffer;
  ip: string;
  customerId: number | null;
  /** Change the query on its way, to see it refused. */
  beforeSigning?: (query: URLSearchParams) => void;
  afterSigning?: (query: URLSearchParams) => void;
}

/** Passes a call of the storefront on to the app. */
export async function callProxy(platform: Platform, shop: Shop, call: ProxyCall): Promise<Answer> {
  const { proxy } = platform.app.toml;
  if (!proxy || !shop.installedAt) throw new Refusal(404, "This shop has no such app proxy");
  const target = resolveAppAddress(proxy.url.replace(/\/$/, "") + call.path, platform.app.toml, platform.app.url);
  const query = signProxyQuery(platform, shop, call.query, call.customerId, call.beforeSigning);
  call.afterSigning?.(query);
  target.search = query.toString();
  const headers = new Map<string, string>();
  for (const name of FORWARDED) {
    const value = call.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  headers.set("x-forwarded-for", call.ip);
  headers.set("x-forwarded-host", permanentDomain(shop));
  headers.set("x-forwarded-proto", "https");
  const hasBody = call.method !== "GET" && call.method !== "HEAD";
  const response = await fetch(target, {
    method: call.method,
    headers: Object.fromEntries(headers),
    ...(hasBody ? { body: call.body } : {}),
    redirect: "manual",
    dispatcher: agent,
    signal: AbortSignal.timeout(30_000),
  }).catch(() => null);
  if (!response) throw new Refusal(502, "There was an error in the third-party application: it does not answer");
  const returned = RETURNED.flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return {
    status: response.status,
    headers: Object.fromEntries(returned),
    body: Buffer.from(await response.arrayBuffer()),
  };
}
