/** Which page of a list is read, newest first: behind one row, ahead of one, or the first. Cursors are of the `Page` before. */
export type Place = {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
};

/** Rows, newest first, and the cursors of the pages beside theirs: `after` for newer, `before` for older. */
export type Page<Row> = {
  readonly rows: readonly Row[];
  readonly newer?: string | undefined;
  readonly older?: string | undefined;
};

/** What a database is asked for: rows beside `key`, in this order. */
export type Reading<Key> = {
  readonly key: { lt: Key } | { gt: Key } | undefined;
  readonly order: "asc" | "desc";
  readonly take: number;
};

/**
 * How a list's rows are asked for, by a key that sorts by time: towards newer ones the same index is read the other way.
 * One row more than the page shows says whether there is another page.
 */
export function reading<Key>(
  { before, after, limit }: Place,
  keyOf: (cursor: string) => Key | undefined,
): Reading<Key> {
  const [behind, ahead] = [before && keyOf(before), after && keyOf(after)];
  const backwards = !behind && Boolean(ahead);
  const key = behind ? { lt: behind } : ahead ? { gt: ahead } : undefined;
  return { key, order: backwards ? "asc" : "desc", take: limit + 1 };
}

/** @param found what `reading` asked for, in the order in which it was read */
export function pageOf<Row>(
  found: readonly Row[],
  { key, order, take }: Reading<unknown>,
  cursorOf: (row: Row) => string,
): Page<Row> {
  const limit = take - 1;
  const more = found.length > limit;
  const backwards = order === "asc";
  const rows = backwards ? found.slice(0, limit).reverse() : found.slice(0, limit);
  const [first, last] = [rows.at(0), rows.at(-1)];
  return {
    rows,
    // Where a page came from there is always another one.
    newer: first && (backwards ? more : key !== undefined) ? cursorOf(first) : undefined,
    older: last && (backwards || more) ? cursorOf(last) : undefined,
  };
}
