/**
 * What Klaviyo's OpenAPI document says of each operation (revision 2026-07-15, MIT, github.com/klaviyo/openapi;
 * `x-klaviyo-ratelimit` and `x-klaviyo-scopes`), and the query parameters that the stand-in understands.
 */
export type Endpoint = {
  /** Requests per second, per minute and per day, each a fixed window per account. */
  burst: number;
  steady: number;
  daily?: number;
  scopes: readonly Scope[];
  /** Query parameters that are accepted; all others are refused. */
  query?: readonly string[];
  /** Largest request body in bytes, from the operation's description. */
  maxBytes?: number;
};

export const SCOPES = [
  "accounts:read",
  "data-privacy:write",
  "events:read",
  "events:write",
  "lists:read",
  "lists:write",
  "metrics:read",
  "profiles:read",
  "profiles:write",
  "subscriptions:write",
] as const;
export type Scope = (typeof SCOPES)[number];

const XS = { burst: 1, steady: 15 };
const S = { burst: 3, steady: 60 };
const M = { burst: 10, steady: 150 };
const L = { burst: 75, steady: 750 };
const XL = { burst: 350, steady: 3500 };

const KB = 1024;
const MB = 1024 * KB;

const LIST_QUERY = ["fields[list]"];
const PROFILE_QUERY = ["fields[profile]", "additional-fields[profile]"];
const JOB_QUERY = ["fields[profile-bulk-import-job]"];

const ENDPOINTS = {
  "GET /api/accounts": { ...XS, scopes: ["accounts:read"], query: ["fields[account]"] },
  "GET /api/lists": {
    ...L,
    scopes: ["lists:read"],
    query: [...LIST_QUERY, "filter", "sort", "page[size]", "page[cursor]"],
  },
  "POST /api/lists": { ...M, daily: 150, scopes: ["lists:write"], query: LIST_QUERY },
  "GET /api/lists/:id": { ...L, scopes: ["lists:read"], query: LIST_QUERY },
  "POST /api/lists/:id/relationships/profiles": { ...M, scopes: ["lists:write", "profiles:write"] },
  "DELETE /api/lists/:id/relationships/profiles": { ...M, scopes: ["lists:write", "profiles:write"] },
  "GET /api/profiles": {
    ...L,
    scopes: ["profiles:read"],
    query: [...PROFILE_QUERY, "filter", "sort", "page[size]", "page[cursor]"],
  },
  "POST /api/profiles": { ...L, scopes: ["profiles:write"], query: PROFILE_QUERY, maxBytes: 100 * KB },
  "GET /api/profiles/:id": { ...L, scopes: ["profiles:read"], query: PROFILE_QUERY },
  "PATCH /api/profiles/:id": { ...L, scopes: ["profiles:write"], query: PROFILE_QUERY, maxBytes: 100 * KB },
  "POST /api/profile-import": { ...L, scopes: ["profiles:write"], query: PROFILE_QUERY, maxBytes: 100 * KB },
  "POST /api/profile-bulk-import-jobs": {
    ...M,
    scopes: ["lists:write", "profiles:write"],
    query: JOB_QUERY,
    maxBytes: 5 * MB,
  },
  "GET /api/profile-bulk-import-jobs/:id": { ...M, scopes: ["lists:read", "profiles:read"], query: JOB_QUERY },
  "GET /api/profile-bulk-import-jobs/:id/import-errors": {
    ...M,
    scopes: ["profiles:read"],
    query: ["page[size]", "page[cursor]"],
  },
  "POST /api/profile-subscription-bulk-create-jobs": {
    ...L,
    scopes: ["lists:write", "profiles:write", "subscriptions:write"],
  },
  "POST /api/profile-subscription-bulk-delete-jobs": {
    ...L,
    scopes: ["lists:write", "profiles:write", "subscriptions:write"],
  },
  "POST /api/events": { ...XL, scopes: ["events:write"], maxBytes: 5 * MB },
  "POST /api/event-bulk-create-jobs": { ...M, scopes: ["events:write"], maxBytes: 5 * MB },
  "GET /api/metrics": { ...M, scopes: ["metrics:read"], query: ["page[cursor]"] },
  "POST /api/data-privacy-deletion-jobs": { ...S, scopes: ["data-privacy:write"] },
} as const satisfies Record<string, Endpoint>;

export type EndpointName = keyof typeof ENDPOINTS;

/** Where no operation states a size, nothing larger than this is read. */
export const MAX_BODY_BYTES = 5 * MB;

export type Match = { name: EndpointName; endpoint: Endpoint; params: string[] };

const exact = new Map<string, Match>();
const patterns: { method: string; pattern: RegExp; match: Omit<Match, "params"> }[] = [];
for (const [name, endpoint] of Object.entries(ENDPOINTS) as [EndpointName, Endpoint][]) {
  const [method = "", path = ""] = name.split(" ");
  if (!path.includes(":")) exact.set(name, { name, endpoint, params: [] });
  else
    patterns.push({ method, pattern: new RegExp(`^${path.replace(/:id/g, "([^/]+)")}$`), match: { name, endpoint } });
}

/** The operation that a request names, `"method"` where only the method is wrong, `"path"` where nothing fits. */
export function findEndpoint(method: string, path: string): Match | "method" | "path" {
  const found = exact.get(`${method} ${path}`);
  if (found) return found;
  let pathKnown = ["GET", "POST"].some((other) => exact.has(`${other} ${path}`));
  for (const candidate of patterns) {
    const params = candidate.pattern.exec(path);
    if (!params) continue;
    if (candidate.method === method) return { ...candidate.match, params: params.slice(1) };
    pathKnown = true;
  }
  return pathKnown ? "method" : "path";
}
