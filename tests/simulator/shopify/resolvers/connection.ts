import { GraphQLError } from "graphql";

/** What a resolver returns for an object type: a value, or a function of the arguments, per field name. */
export type View = { [field: string]: unknown };

export interface PageArguments {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
}

const encode = (key: number) => Buffer.from(JSON.stringify({ last_id: key })).toString("base64url");

function decode(cursor: string): number {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (parsed !== null && typeof parsed === "object" && "last_id" in parsed) return Number(parsed.last_id);
  } catch {
    throw invalidCursor(cursor);
  }
  throw invalidCursor(cursor);
}

const invalidCursor = (cursor: string) =>
  new GraphQLError(`Invalid cursor: ${cursor}`, { extensions: { code: "BAD_REQUEST" } });

/**
 * Pages a sorted list as Shopify's connections do: `first` or `last` is required, 250 is the most.
 * @param keyOf a number that names the item for ever (its id).
 */
export function connection<T>(
  items: readonly T[],
  page: PageArguments,
  keyOf: (item: T) => number,
  view: (item: T) => View,
): View {
  const size = page.first ?? page.last;
  if (size === null || size === undefined) {
    throw new GraphQLError("you must provide one of first or last", { extensions: { code: "BAD_REQUEST" } });
  }
  if (size < 0 || size > 250) {
    throw new GraphQLError("first and last must be between 0 and 250", { extensions: { code: "BAD_REQUEST" } });
  }
  const positionOf = (cursor: string) => {
    const key = decode(cursor);
    const index = items.findIndex((item) => keyOf(item) === key);
    if (index < 0) throw invalidCursor(cursor);
    return index;
  };
  const start = page.after ? positionOf(page.after) + 1 : 0;
  const end = page.before ? positionOf(page.before) : items.length;
  const from = page.first === null || page.first === undefined ? Math.max(start, end - size) : start;
  const to = Math.min(end, from + size);
  const chosen = items.slice(from, to);
  const cursors = chosen.map((item) => encode(keyOf(item)));
  const nodes = chosen.map(view);
  return {
    nodes,
    edges: nodes.map((node, index) => ({ node, cursor: cursors[index] })),
    pageInfo: {
      hasNextPage: to < items.length,
      hasPreviousPage: from > 0,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    },
  };
}
