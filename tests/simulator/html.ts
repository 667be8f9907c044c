/** A piece of markup that is safe to print as it stands. */
export interface Html {
  readonly markup: string;
}

type Part = Html | string | number | null | undefined | false | readonly Part[];

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Trusts markup that somebody else has escaped (rendered Liquid, our own files). */
export function trusted(markup: string): Html {
  return { markup };
}

function print(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  return "markup" in part ? part.markup : part.map(print).join("");
}

/** Template tag: every value is escaped unless it is `Html` itself. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return trusted(strings.reduce((markup, string, index) => markup + print(parts[index - 1]) + string));
}

/** JSON for a `<script>` element: cannot close the element, whatever it holds. */
export function scriptJson(value: unknown): Html {
  return trusted(JSON.stringify(value).replace(/</g, "\\u003c"));
}
