/** Rows of a page of a list. */
export const PAGE_SIZE = 25;

/** Where the requested page of a list begins: the `next` of the page before. Anything else is no cursor. */
export function cursorOf(request: Request): string | undefined {
  const before = new URL(request.url).searchParams.get("before");
  return before && /^[0-9a-z_]{1,40}$/.test(before) ? before : undefined;
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
