/** Starts the stand-in on a free port with a clock that tests move, and calls its API as an app would. */
import { createServer } from "node:http";
import { createKlaviyoClient, type KlaviyoClient, type NewAccount } from "./client.ts";
import { createKlaviyo } from "./index.ts";
import type { JsonObject } from "./json.ts";

type ApiAnswer = { status: number; headers: Headers; text: string; body: ApiBody };

/** As much of a JSON:API answer as tests look at. */
type ApiBody = {
  data?: Resource & Resource[];
  links?: { next: string | null; self: string };
  errors?: {
    status: number;
    code: string;
    detail: string;
    source: { pointer?: string; parameter?: string };
    meta: JsonObject;
  }[];
};

type Resource = { type: string; id: string; attributes: JsonObject };

type CallOptions = { key?: string; headers?: Record<string, string | undefined>; raw?: string };

export type Harness = Awaited<ReturnType<typeof startKlaviyo>>;

/** @param state a snapshot to start from */
export async function startKlaviyo(state?: unknown) {
  const clock = { ms: Date.parse("2026-08-01T12:00:00.000Z") };
  const now = () => new Date(clock.ms);
  let changes = 0;
  const klaviyo = createKlaviyo({ now, realTime: now, state, onChange: () => changes++ });
  const server = createServer(klaviyo.listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  const client: KlaviyoClient = createKlaviyoClient(url);
  let account: NewAccount = { id: "", publicKey: "", privateKey: "" };

  /** Calls the API with good headers, unless `options` says otherwise (`undefined` leaves a header out). */
  async function api(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<ApiAnswer> {
    const headers = new Headers();
    const all = {
      authorization: `Klaviyo-API-Key ${options.key ?? account.privateKey}`,
      revision: "2026-07-15",
      "content-type": "application/vnd.api+json",
      ...options.headers,
    };
    for (const [name, value] of Object.entries(all)) if (value !== undefined) headers.set(name, value);
    const payload = options.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(new URL(path, url), { method, headers, body: payload });
    const text = await response.text();
    const json = response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : {};
    return { status: response.status, headers: response.headers, text, body: json };
  }

  return {
    url,
    client,
    api,
    /** Opens the account whose key `api` uses. */
    async open(seed: Parameters<KlaviyoClient["createAccount"]>[0] = { organizationName: "Tea Shop" }) {
      account = await client.createAccount(seed);
      return account;
    },
    advance(ms: number) {
      clock.ms += ms;
    },
    changes: () => changes,
    snapshot: () => klaviyo.snapshot(),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The body of POST /api/events. */
export function eventBody(email: string, event: JsonObject = {}, profile: JsonObject = {}) {
  const { metric, ...attributes } = event;
  return {
    data: {
      type: "event",
      attributes: {
        properties: { reward: "10 EUR" },
        metric: { data: { type: "metric", attributes: { name: metric ?? "Referral completed" } } },
        profile: { data: { type: "profile", attributes: { email, ...profile } } },
        ...attributes,
      },
    },
  };
}

/** The body of POST /api/profile-import. */
export function importBody(attributes: JsonObject, rest: JsonObject = {}) {
  return { data: { type: "profile", attributes, ...rest } };
}

/** The body of the subscribe (or unsubscribe) job for one e-mail address. */
export function consentBody(kind: "create" | "delete", email: string, listId?: string, extra: JsonObject = {}) {
  const consent = kind === "create" ? "SUBSCRIBED" : "UNSUBSCRIBED";
  const attributes = { email, subscriptions: { email: { marketing: { consent } } } };
  return {
    data: {
      type: `profile-subscription-bulk-${kind}-job`,
      attributes: { profiles: { data: [{ type: "profile", attributes }] }, ...extra },
      ...(listId && { relationships: { list: { data: { type: "list", id: listId } } } }),
    },
  };
}

/** Where the first error points and what it is. */
export function firstError(answer: ApiAnswer) {
  const [error] = answer.body.errors ?? [];
  return { status: answer.status, code: error?.code, at: error?.source.pointer ?? error?.source.parameter };
}
