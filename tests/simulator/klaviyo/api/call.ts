import type { EndpointName } from "#tests/simulator/klaviyo/endpoints.ts";
import type { Json } from "#tests/simulator/klaviyo/json.ts";
import type { Settings } from "#tests/simulator/klaviyo/modes.ts";
import { invalidParameter } from "#tests/simulator/klaviyo/refusal.ts";
import type { Account } from "#tests/simulator/klaviyo/state.ts";
import type { Store } from "#tests/simulator/klaviyo/store.ts";

/** A call that has passed everything which is the same for all operations. */
export type Call = {
  store: Store;
  account: Account;
  settings: Settings;
  name: EndpointName;
  /** What stands for `:id` in the path. */
  id: string;
  query: URLSearchParams;
  /** Parsed JSON; undefined for GET. */
  body: unknown;
  /** `YYYY-MM-DD` of the revision header. */
  revision: string;
  /** Scheme and host as requested, for links. */
  origin: string;
  /** Path and query as requested. */
  path: string;
  /** Number of the request in the journal. */
  request: number;
  /** The simulator's clock. */
  at: Date;
};

/** `body` undefined: an empty answer. `note` goes to the journal only. */
export type Answer = { status: number; body?: Json; note?: string };

/** Keeps only the attributes that `fields[resource]` asks for. */
export function sparse<T extends Json>(attributes: Record<string, T>, call: Call, resource: string): Record<string, T> {
  const asked = call.query.get(`fields[${resource}]`)?.split(",");
  if (!asked) return attributes;
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => asked.includes(name)));
}

/** One page of `items` with absolute `links` on the host that was asked. */
export function page<T>(call: Call, items: T[], size: { standard: number; max: number }) {
  const asked = call.query.get("page[size]");
  const length = asked === null ? size.standard : Number(asked);
  if (!Number.isInteger(length) || length < 1 || length > size.max) {
    throw invalidParameter(`Page size must be an integer between 1 and ${size.max}.`, "page[size]");
  }
  const start = startOf(call.query.get("page[cursor]"), items.length);
  const end = start + length;
  return {
    items: items.slice(start, end),
    links: {
      self: `${call.origin}${call.path}`,
      next: end < items.length ? linkTo(call, end) : null,
      prev: start > 0 ? linkTo(call, Math.max(0, start - length)) : null,
    },
  };
}

function linkTo(call: Call, index: number): string {
  const url = new URL(call.path, call.origin);
  url.searchParams.set("page[cursor]", Buffer.from(`from:${index}`).toString("base64url"));
  return url.href;
}

function startOf(cursor: string | null, length: number): number {
  if (cursor === null) return 0;
  const index = Number(/^from:(\d+)$/.exec(Buffer.from(cursor, "base64url").toString())?.[1]);
  if (!Number.isInteger(index) || index > length) throw invalidParameter("Invalid cursor provided.", "page[cursor]");
  return index;
}

/** What a `filter=` parameter says: `equals(email,"a@b.co")` or `any(id,["1","2"])`. */
type Filter = { field: string; values: string[] };

/** @param allowed the fields that the operation filters by, with `equals` and `any` */
export function readFilter(call: Call, allowed: readonly string[]): Filter | undefined {
  const filter = call.query.get("filter");
  if (filter === null) return undefined;
  const parts = /^(equals|any)\(([\w.]+),\s*(.+)\)$/s.exec(filter.trim());
  const [, operator, field = "", argument = ""] = parts ?? [];
  if (!operator) throw invalidParameter(`Invalid filter provided: '${filter}'.`, "filter");
  if (!allowed.includes(field)) throw invalidParameter(`'${field}' is not a valid filter field.`, "filter");
  const values = readValues(argument);
  if (!values || (operator === "equals" && (values.length !== 1 || argument.startsWith("[")))) {
    throw invalidParameter(`Invalid filter provided: '${filter}'.`, "filter");
  }
  return { field, values };
}

/** `"a"`, `'a'`, or `["a","b"]`. */
function readValues(argument: string): string[] | undefined {
  const inner = /^\[(.*)\]$/s.exec(argument)?.[1] ?? argument;
  const quoted = /\s*(?:"([^"]*)"|'([^']*)')\s*(,|$)/gy;
  const values: string[] = [];
  while (quoted.lastIndex < inner.length) {
    const found = quoted.exec(inner);
    if (!found) return undefined;
    values.push(found[1] ?? found[2] ?? "");
  }
  return values.length > 0 ? values : undefined;
}
