import { createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import type { Platform } from "./platform.ts";
import { permanentDomain, type Shop } from "./state.ts";

/** The merchant who sits in front of the simulated admin. */
export const STAFF = {
  id: 902541635,
  first_name: "Ada",
  last_name: "Merchant",
  email: "ada@merchant.test",
  email_verified: true,
  account_owner: true,
  locale: "en",
  collaborator: false,
};

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

function hs256(content: string, secret: string): string {
  return createHmac("sha256", secret).update(content).digest("base64url");
}

/**
 * A session token as App Bridge hands it out: HS256 with the app's secret, one minute long, in real time.
 * https://shopify.dev/docs/apps/build/authentication-authorization/session-tokens
 */
export function signIdToken(platform: Platform, shop: Shop, options: { expired?: boolean } = {}): string {
  const now = Math.floor(Date.now() / 1000) - (options.expired ? 3600 : 0);
  const content = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({
    iss: `https://${permanentDomain(shop)}/admin`,
    dest: `https://${permanentDomain(shop)}`,
    aud: platform.app.apiKey,
    sub: String(STAFF.id),
    exp: now + 60,
    nbf: now,
    iat: now,
    jti: randomUUID(),
    sid: randomUUID(),
    sig: randomBytes(32).toString("hex"),
  })}`;
  return `${content}.${hs256(content, platform.app.apiSecret)}`;
}

/** Whether the token is this app's, for this shop, and still fresh. */
export function isValidIdToken(platform: Platform, shop: Shop, token: unknown): boolean {
  const [header, payload, signature, rest] = String(token).split(".");
  if (!header || !payload || !signature || rest !== undefined) return false;
  const expected = Buffer.from(hs256(`${header}.${payload}`, platform.app.apiSecret));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
  const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
  if (claims === null || typeof claims !== "object") return false;
  const { aud, dest, exp, nbf } = { aud: null, dest: null, exp: 0, nbf: 0, ...claims };
  const now = Date.now() / 1000;
  const ours = aud === platform.app.apiKey && dest === `https://${permanentDomain(shop)}`;
  return ours && exp > now && nbf <= now + 5;
}

/**
 * The address of the framed page, with every parameter that the admin adds.
 * @param origin where the browser reaches the app: its own address, or the tunnel's.
 * @param path path and query inside the app, beginning with a slash.
 */
export function frameUrl(
  platform: Platform,
  shop: Shop,
  path: string,
  options: { origin?: string; idToken?: boolean } = {},
): string {
  const url = new URL(path, options.origin ?? platform.app.url);
  const added: Record<string, string> = {
    embedded: "1",
    host: Buffer.from(`admin.shopify.com/store/${shop.handle}`).toString("base64").replace(/=+$/, ""),
    ...(options.idToken === false ? {} : { id_token: signIdToken(platform, shop) }),
    locale: shop.locale,
    session: randomBytes(32).toString("hex"),
    shop: permanentDomain(shop),
    timestamp: String(Math.floor(Date.now() / 1000)),
  };
  for (const [key, value] of Object.entries(added)) url.searchParams.set(key, value);
  const message = [...url.searchParams]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join("&");
  url.searchParams.set("hmac", createHmac("sha256", platform.app.apiSecret).update(message).digest("hex"));
  return url.href;
}
