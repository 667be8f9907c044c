import type pg from "pg";
import { z } from "zod";
import { withLease } from "#app/queue/lease.ts";
import {
  forgetTokens,
  offlineSessionId,
  readSession,
  type SessionStore,
  type StoredSession,
  writeSession,
} from "#app/shopify/sessions.ts";
import { AdminUnavailable, ReconnectNeeded } from "./errors.ts";

export type TokenDeps = SessionStore & {
  readonly pool: pg.Pool;
  readonly apiKey: string;
  readonly apiSecret: string;
};

/** Tokens live for 60 minutes; one with less than this left is replaced before it is used. */
const EARLY_MS = 5 * 60_000;
const TIMEOUT_MS = 10_000;
/** Longer than a refresh may take, so that a lease never ends under it. */
const LEASE_SECONDS = 15;

const tokenAnswer = z.object({
  access_token: z.string(),
  scope: z.string(),
  expires_in: z.number(),
  refresh_token: z.string(),
  refresh_token_expires_in: z.number(),
});

/** Only these say that the refresh token is dead; `invalid_client` and the like are a mistake in our configuration. */
const deadToken = z.object({ error: z.enum(["invalid_grant", "invalid_request"]) });

/**
 * The shop's offline token, refreshed when it is about to expire. Refreshing rotates the refresh token, so only one
 * process does it at a time: the others wait and take what it stored. Real time throughout, as Shopify's is.
 * @param refused a token that Shopify just answered 401 to: anything but that one is given
 * @throws ReconnectNeeded when no token works any more
 * @throws AdminUnavailable when Shopify cannot be asked now
 */
export async function accessToken(deps: TokenDeps, shopDomain: string, refused?: string): Promise<string> {
  const usable = async () => {
    const session = await readSession(deps, offlineSessionId(shopDomain));
    if (!session?.accessToken) throw new ReconnectNeeded(shopDomain);
    return { session, token: isFresh(session, refused) ? session.accessToken : null };
  };
  const { token } = await usable();
  if (token) return token;
  const lease = { id: `refresh-token:${shopDomain}`, shopId: shopDomain, seconds: LEASE_SECONDS };
  return withLease(deps.pool, lease, async () => {
    const now = await usable();
    return now.token ?? refresh(deps, now.session);
  });
}

function isFresh({ accessToken, expires }: StoredSession, refused: string | undefined): boolean {
  return accessToken !== refused && (expires === null || expires.getTime() - Date.now() > EARLY_MS);
}

/** Shopify's refresh: https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens */
async function refresh(deps: TokenDeps, session: StoredSession): Promise<string> {
  const { shopDomain, refreshToken } = session;
  if (!refreshToken) return replacement(deps, session);
  const response = await post(`https://${shopDomain}/admin/oauth/access_token`, {
    client_id: deps.apiKey,
    client_secret: deps.apiSecret,
    grant_type: "refresh_token",
    refresh_token: refreshToken,
  });
  const body: unknown = await response.json().catch(() => null);
  if (deadToken.safeParse(body).success) return replacement(deps, session);
  if (!response.ok) throw new AdminUnavailable("refreshing the token", response.status);
  const answer = tokenAnswer.parse(body);
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);
  await writeSession(deps, {
    ...session,
    accessToken: answer.access_token,
    scope: answer.scope,
    expires: inSeconds(answer.expires_in),
    refreshToken: answer.refresh_token,
    refreshTokenExpires: inSeconds(answer.refresh_token_expires_in),
  });
  return answer.access_token;
}

/**
 * The token that a visit of the merchant has exchanged since ours was read. If there is none, ours is forgotten, so that
 * the next visit exchanges its session for a new one.
 * @throws ReconnectNeeded
 */
async function replacement(deps: TokenDeps, dead: StoredSession): Promise<string> {
  await forgetTokens(deps, dead);
  const session = await readSession(deps, dead.id);
  if (!session?.accessToken) throw new ReconnectNeeded(dead.shopDomain);
  return session.accessToken;
}

async function post(url: string, body: Record<string, string>): Promise<Response> {
  try {
    return await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new AdminUnavailable("refreshing the token", null, error);
  }
}
