import { randomBytes } from "node:crypto";
import { type Answer, bodyOf, type Incoming, json } from "../http.ts";
import { isValidIdToken, STAFF } from "./id-token.ts";
import type { Platform } from "./platform.ts";
import type { AccessToken, Shop } from "./state.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ACCESS_TOKEN_LIFE_S = 3600;
const REFRESH_TOKEN_LIFE_MS = 90 * DAY_MS;
/** How long a used refresh token may be tried again while its replacement is unused. */
const RECOVERY_MS = 30 * DAY_MS;

const refuse = (error: string, description: string) => json(400, { error, error_description: description });

/**
 * POST /admin/oauth/access_token: token exchange and refresh.
 * https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/token-exchange
 */
export function answerAccessToken(platform: Platform, shop: Shop, request: Incoming): Answer {
  const body = bodyOf(request);
  if (body.client_id !== platform.app.apiKey) {
    return refuse("application_cannot_be_found", "The application cannot be found");
  }
  if (body.client_secret !== platform.app.apiSecret) {
    return refuse("invalid_client", "The client credentials are invalid");
  }
  switch (body.grant_type) {
    case "urn:ietf:params:oauth:grant-type:token-exchange":
      return exchange(platform, shop, body);
    case "refresh_token":
      return refresh(shop, body);
    default:
      return refuse("unsupported_grant_type", `The grant type ${body.grant_type} is not supported`);
  }
}

function exchange(platform: Platform, shop: Shop, body: Record<string, unknown>): Answer {
  if (body.subject_token_type !== "urn:ietf:params:oauth:token-type:id_token") {
    return refuse("invalid_request", "The subject token type must be an id token");
  }
  if (!shop.installedAt || !isValidIdToken(platform, shop, body.subject_token)) {
    return refuse("invalid_subject_token", "The subject token is invalid or has expired");
  }
  const scope = shop.grantedScopes.join(",");
  switch (body.requested_token_type) {
    case "urn:shopify:params:oauth:token-type:online-access-token": {
      const { token } = addAccessToken(shop, 24 * HOUR_MS, true);
      const owner = { associated_user_scope: scope, associated_user: STAFF };
      return json(200, { access_token: token, scope, expires_in: 86_399, ...owner });
    }
    case "urn:shopify:params:oauth:token-type:offline-access-token":
      if (String(body.expiring) === "1" || body.expiring === true) return json(200, issuePair(shop, null));
      return json(200, { access_token: addAccessToken(shop, null, false).token, scope });
    default:
      return refuse("invalid_request", "The requested token type is not supported");
  }
}

/**
 * Rotates. A used refresh token keeps working until its replacement is used, for 30 days at most, so that a lost answer is
 * not the end: https://shopify.dev/changelog/more-resilient-refreshes-for-expiring-offline-access-tokens
 */
function refresh(shop: Shop, body: Record<string, unknown>): Answer {
  const now = Date.now();
  const used = shop.refreshTokens.find((candidate) => candidate.token === body.refresh_token);
  const isDead = !used || used.expiresAt < now || (used.firstUsedAt !== null && used.firstUsedAt + RECOVERY_MS < now);
  if (isDead) return refuse("invalid_request", "This request requires an active refresh_token");
  used.firstUsedAt ??= now;
  shop.refreshTokens = shop.refreshTokens.filter((candidate) => candidate.token !== used.replaces);
  return json(200, issuePair(shop, used.token));
}

function issuePair(shop: Shop, replaces: string | null) {
  const access = addAccessToken(shop, ACCESS_TOKEN_LIFE_S * 1000, false);
  const token = `shprt_${randomBytes(16).toString("hex")}`;
  shop.refreshTokens.push({ token, expiresAt: Date.now() + REFRESH_TOKEN_LIFE_MS, firstUsedAt: null, replaces });
  return {
    access_token: access.token,
    scope: shop.grantedScopes.join(","),
    expires_in: ACCESS_TOKEN_LIFE_S,
    refresh_token: token,
    refresh_token_expires_in: REFRESH_TOKEN_LIFE_MS / 1000,
  };
}

function addAccessToken(shop: Shop, lifeMs: number | null, online: boolean): AccessToken {
  const now = Date.now();
  const token = { token: `shpat_${randomBytes(16).toString("hex")}`, expiresAt: lifeMs && now + lifeMs, online };
  shop.accessTokens = shop.accessTokens.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
  shop.accessTokens.push(token);
  return token;
}

/** Why a request's token is refused, or null when it may pass. */
export function refuseToken(shop: Shop | undefined, token: unknown): Answer | null {
  const found = shop?.installedAt && shop.accessTokens.find((candidate) => candidate.token === token);
  if (!found || (found.expiresAt !== null && found.expiresAt < Date.now())) {
    return json(401, { errors: "[API] Invalid API key or access token (unrecognized login or wrong password)" });
  }
  if (found.expiresAt === null) {
    const errors = "[API] Non-expiring access tokens are no longer accepted for the Admin API.";
    return json(403, { errors });
  }
  return null;
}
