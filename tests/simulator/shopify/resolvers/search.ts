import { GraphQLError } from "graphql";

/** How a search term reads one kind of thing: a number, a time in milliseconds, or text in lower case. */
type SearchFields<T> = Record<string, (item: T) => string | number | null>;

interface Term {
  field: string;
  operator: ":" | ":>" | ":>=" | ":<" | ":<=";
  value: string;
  negated: boolean;
}

const TERM = /(-|NOT\s+)?(\w+)(:(?:>=|<=|>|<)?)\s*(?:'([^']*)'|"([^"]*)"|([^\s()]+))/gy;

/** A word without a field: Shopify's "default" search over several fields. Its groups stand where TERM's do. */
const BARE = /^()()()()()([^\s:()'"]+)(?=\s|$)/;

/**
 * Filters by a `query` argument: terms joined by AND or a space, comparators, quotes, negation.
 * A field, or a connective, that is not simulated is an error; Shopify would ignore the field with a warning, which
 * hides mistakes. Syntax: https://shopify.dev/docs/api/usage/search-syntax
 */
export function search<T>(items: readonly T[], query: string | null | undefined, fields: SearchFields<T>): T[] {
  const terms = parseQuery(query ?? "");
  return items.filter((item) => terms.every((term) => matches(item, term, fields) !== term.negated));
}

function parseQuery(query: string): Term[] {
  const terms: Term[] = [];
  let rest = query.trim();
  while (rest !== "") {
    TERM.lastIndex = 0;
    const match = TERM.exec(rest) ?? BARE.exec(rest);
    if (!match) throw notSimulated(`the search "${query}" near "${rest}"`);
    const [whole, negation, field = "", operator = ":", single, double, bare] = match;
    terms.push({
      field,
      operator: operator as Term["operator"],
      value: single || double || bare || "",
      negated: Boolean(negation),
    });
    rest = rest
      .slice(whole.length)
      .trim()
      .replace(/^AND\s+/i, "");
  }
  return terms;
}

function matches<T>(item: T, term: Term, fields: SearchFields<T>): boolean {
  if (term.field === "") {
    const word = term.value.toLowerCase();
    return Object.values(fields).some((read) =>
      String(read(item) ?? "")
        .toLowerCase()
        .includes(word),
    );
  }
  const read = fields[term.field];
  if (!read) throw notSimulated(`the search field "${term.field}"`);
  const actual = read(item);
  if (actual === null) return false;
  if (typeof actual === "string") {
    if (term.operator !== ":") throw notSimulated(`"${term.operator}" on the search field "${term.field}"`);
    return term.value.split(",").some((value) => value.toLowerCase() === actual.toLowerCase());
  }
  const wanted = Number.isNaN(Number(term.value)) ? Date.parse(term.value) : Number(term.value);
  if (Number.isNaN(wanted)) throw notSimulated(`the search value "${term.value}"`);
  switch (term.operator) {
    case ":":
      return actual === wanted;
    case ":>":
      return actual > wanted;
    case ":>=":
      return actual >= wanted;
    case ":<":
      return actual < wanted;
    case ":<=":
      return actual <= wanted;
  }
}

function notSimulated(what: string): GraphQLError {
  return new GraphQLError(`The simulated Shopify does not know ${what}: add it in tests/simulator/shopify/resolvers`, {
    extensions: { code: "NOT_SIMULATED" },
  });
}

export const timeOf = (iso: string): number => new Date(iso).getTime();

/** Sorts by a number, ties by id, as Shopify does. */
export function sortBy<T extends { id: number }>(items: readonly T[], key: (item: T) => number, reverse: boolean): T[] {
  const sorted = [...items].sort((a, b) => key(a) - key(b) || a.id - b.id);
  return reverse ? sorted.reverse() : sorted;
}
