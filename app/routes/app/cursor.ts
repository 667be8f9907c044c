import type { Place } from "#app/lib/page.ts";

/** Rows of a page of a list. */
export const PAGE_SIZE = 25;

/** Which page of a list is asked for, by a cursor of the page beside it. Anything else is no cursor. */
export function placeOf(request: Request): Place {
  const { searchParams } = new URL(request.url);
  const cursor = (name: "before" | "after") => {
    const asked = searchParams.get(name);
    return asked && /^[0-9a-z_]{1,40}$/.test(asked) ? asked : undefined;
  };
  return { before: cursor("before"), after: cursor("after"), limit: PAGE_SIZE };
}

/** Whether that is the page a list begins with. */
export function isFirst({ before, after }: Place): boolean {
  return before === undefined && after === undefined;
}

/** Nobody searches for more than an address. */
const LONGEST_SEARCH = 254;

/** What a list is searched for; undefined for nothing. */
export function searchOf(request: Request): string | undefined {
  const search = new URL(request.url).searchParams.get("search")?.trim().slice(0, LONGEST_SEARCH);
  return search || undefined;
}

/** What a list is narrowed down to, if it is one of the choices. */
export function choiceOf<Choice extends string>(
  request: Request,
  parameter: string,
  choices: readonly Choice[],
): Choice | undefined {
  const asked = new URL(request.url).searchParams.get(parameter);
  return choices.find((choice) => choice === asked);
}

/** What a list is about: something of ours, by its id. */
export function idOf(request: Request, parameter: string, prefix: string): string | undefined {
  const asked = new URL(request.url).searchParams.get(parameter);
  return asked && new RegExp(`^${prefix}_[0-9a-z]{26}$`).test(asked) ? asked : undefined;
}
