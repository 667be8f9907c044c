/** Every call to `/api/…`: who is it, may it, is it too fast, is it well formed; then the operation. */
import type { IncomingHttpHeaders } from "node:http";
import { type EndpointName, findEndpoint, MAX_BODY_BYTES, type Match } from "#tests/simulator/klaviyo/endpoints.ts";
import type { Settings } from "#tests/simulator/klaviyo/modes.ts";
import { createRates } from "#tests/simulator/klaviyo/rates.ts";
import { invalid, invalidParameter, type Refusal, refusal } from "#tests/simulator/klaviyo/refusal.ts";
import type { Account, ApiKey } from "#tests/simulator/klaviyo/state.ts";
import type { Store } from "#tests/simulator/klaviyo/store.ts";
import { type Answer, type Call, page } from "./call.ts";
import { createEvent, createEvents } from "./events.ts";
import { getImportErrors, getImportJob, importProfiles, requestDeletion } from "./jobs.ts";
import { addMembers, createList, getList, getLists, removeMembers } from "./lists.ts";
import { createProfile, getProfile, getProfiles, importProfile, updateProfile } from "./profiles.ts";
import { accountResource, metricResource } from "./resources.ts";
import { subscribeProfiles, unsubscribeProfiles } from "./subscriptions.ts";

const OPERATIONS: Record<EndpointName, (call: Call) => Answer> = {
  "GET /api/accounts": getAccounts,
  "GET /api/lists": getLists,
  "POST /api/lists": createList,
  "GET /api/lists/:id": getList,
  "POST /api/lists/:id/relationships/profiles": addMembers,
  "DELETE /api/lists/:id/relationships/profiles": removeMembers,
  "GET /api/profiles": getProfiles,
  "POST /api/profiles": createProfile,
  "GET /api/profiles/:id": getProfile,
  "PATCH /api/profiles/:id": updateProfile,
  "POST /api/profile-import": importProfile,
  "POST /api/profile-bulk-import-jobs": importProfiles,
  "GET /api/profile-bulk-import-jobs/:id": getImportJob,
  "GET /api/profile-bulk-import-jobs/:id/import-errors": getImportErrors,
  "POST /api/profile-subscription-bulk-create-jobs": subscribeProfiles,
  "POST /api/profile-subscription-bulk-delete-jobs": unsubscribeProfiles,
  "POST /api/events": createEvent,
  "POST /api/event-bulk-create-jobs": createEvents,
  "GET /api/metrics": getMetrics,
  "POST /api/data-privacy-deletion-jobs": requestDeletion,
};

/** What is known of a request before its key is looked at. */
type ApiRequest = {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The number in the journal. */
  number: number;
};

export type Caller = { account: Account; apiKey: ApiKey };

/** The account and key that an `Authorization` header names, also where the key is revoked. */
export function callerOf(store: Store, headers: IncomingHttpHeaders): Caller | undefined {
  const key = /^Klaviyo-API-Key (\S+)$/.exec(headers.authorization ?? "")?.[1];
  return key === undefined ? undefined : store.keys.get(key);
}

/**
 * The API of all accounts of a store.
 * @returns the answer and the rate headers; a Refusal is thrown with the headers that had been earned until then
 */
export function createApi(store: Store) {
  const rates = createRates<Account>();

  /** @param headers filled with rate headers as soon as they are known. @throws Refusal */
  return function handle(request: ApiRequest, caller: Caller | undefined, headers: Record<string, string>): Answer {
    const settings = store.modes.settings(caller?.account.id);
    const { account, apiKey } = authenticate(caller, settings);
    const found = findEndpoint(request.method, normalise(request.url.pathname));
    if (found === "path") throw refusal(404, "not_found", "Not found.", "The path could not be found.");
    if (found === "method") {
      throw refusal(405, "method_not_allowed", "Method not allowed.", `Method "${request.method}" not allowed.`);
    }

    const scale = settings.rateLimits === false ? 0 : settings.rateLimits === true ? 1 : settings.rateLimits;
    const verdict = rates.take(account, found.name, found.endpoint, store.realTime(), scale);
    Object.assign(headers, verdict.headers);
    if (verdict.retryAfter !== undefined) {
      store.journal.of(account.id).selfMade429s += 1;
      throw throttled(verdict.retryAfter);
    }

    const at = store.now();
    const revision = checkRevision(request.headers, at, settings);
    checkScopes(apiKey, found);
    checkQuery(request.url, found);
    return OPERATIONS[found.name]({
      store,
      account,
      settings,
      name: found.name,
      id: found.params[0] ?? "",
      query: request.url.searchParams,
      body: request.method === "GET" ? undefined : readBody(request, found),
      revision,
      origin: request.url.origin,
      path: `${request.url.pathname}${request.url.search}`,
      request: request.number,
      at,
    });
  };
}

/** Klaviyo takes paths with and without a trailing slash (Segment calls them with one). */
export function normalise(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

function authenticate(caller: Caller | undefined, settings: Settings): Caller {
  if (caller && !caller.apiKey.revoked) return caller;
  throw refusal(
    settings.badKeyStatus,
    "authentication_failed",
    "Incorrect authentication credentials.",
    "Missing or invalid private key.",
  );
}

function throttled(seconds: number): Refusal {
  const wait = `${seconds} second${seconds === 1 ? "" : "s"}`;
  const title = "Request was throttled.";
  return refusal(429, "throttled", title, `${title} Expected available in ${wait}.`);
}

/** `revision: YYYY-MM-DD[.suffix]` is required; about two years later it is retired. */
function checkRevision(headers: IncomingHttpHeaders, now: Date, settings: Settings): string {
  const header = String(headers.revision ?? "");
  const [, date = ""] = /^(\d{4}-\d\d-\d\d)(?:\.\w+)?$/.exec(header) ?? [];
  const at = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(at.getTime()) || !at.toISOString().startsWith(date)) {
    const detail = header
      ? `Invalid revision '${header}'.`
      : "A revision header is required (format: YYYY-MM-DD[.suffix]).";
    throw invalidParameter(detail, "revision");
  }
  at.setUTCFullYear(at.getUTCFullYear() + 2);
  if (settings.retiredRevision === "gone" && at < now) {
    throw refusal(410, "gone", "Gone.", `Revision '${header}' is no longer supported.`);
  }
  return date;
}

function checkScopes(apiKey: ApiKey, found: Match): void {
  const missing = found.endpoint.scopes.filter((scope) => !apiKey.scopes.includes(scope));
  if (missing.length === 0) return;
  throw refusal(
    403,
    "permission_denied",
    "You do not have permission to perform this action.",
    `The API key does not have the required scopes: ${missing.join(", ")}.`,
  );
}

/** An unknown parameter is refused in Klaviyo's words ("'page_size' is not a valid field for the resource 'metric'"). */
function checkQuery(url: URL, found: Match): void {
  for (const name of url.searchParams.keys()) {
    if (found.endpoint.query?.includes(name)) continue;
    const field = name.replace(/\[(\w+)\]/, "_$1");
    const resource = /^\w+ \/api\/([\w-]+?)s?(?:\/|$)/.exec(found.name)?.[1];
    throw invalidParameter(`'${field}' is not a valid field for the resource '${resource}'.`, name);
  }
}

function readBody(request: ApiRequest, found: Match): unknown {
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/vnd.api+json" && type !== "application/json") {
    const detail = `Unsupported media type "${type}" in request.`;
    throw refusal(415, "unsupported_media_type", "Unsupported media type.", detail);
  }
  const limit = found.endpoint.maxBytes ?? MAX_BODY_BYTES;
  if (request.body.length > limit) {
    throw refusal(413, "payload_too_large", "Payload too large.", `The payload must not exceed ${limit} bytes.`);
  }
  try {
    return JSON.parse(request.body.toString());
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid("The payload is not valid JSON.", "/data");
    throw error;
  }
}

function getAccounts(call: Call): Answer {
  const links = { self: `${call.origin}${call.path}` };
  return { status: 200, body: { data: [accountResource(call, call.account)], links } };
}

/** Pages of 200; `page[size]` is refused. */
function getMetrics(call: Call): Answer {
  const { items, links } = page(call, [...call.account.metrics.values()], { standard: 200, max: 200 });
  return { status: 200, body: { data: items.map((metric) => metricResource(call, metric)), links } };
}
