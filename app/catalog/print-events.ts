import { type PropertyReference, readReference } from "./reference.ts";

const types = {
  text: "text",
  number: "number",
  whole: "whole number",
  date: "date",
  url: "URL",
  flag: "true or false",
} as const satisfies Record<PropertyReference["type"], string>;

/** The reference of everything that is told to ESPs, in Markdown: docs/events.md. */
export function printEvents(): string {
  const { events, common, profile } = readReference();
  return [
    "# Events and profile properties",
    "Written by `npm run generate` from `app/catalog`; `npm run check` fails when it is stale. *Passalong* in a name is the brand word, which a connection may change.",
    `Every event also has ${common.map(({ name }) => `\`${name}\``).join(" and ")}.`,
    "## Events",
    ...events.map(({ key, name, about, when, properties }) =>
      [`### ${name} (${about})`, `\`${key}\`. ${when}`, table(properties, true)].join("\n\n"),
    ),
    "## In every event",
    table(common, false),
    "## Profile properties",
    "### Of a referrer\n\nKept up to date; one that is absent is removed.",
    table(profile, false),
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}

function table(properties: readonly PropertyReference[], withExample: boolean): string {
  const lines = properties.map(({ name, type, required, description, example }) =>
    row([
      `\`${name}\``,
      required ? types[type] : `${types[type]}, may be absent`,
      description,
      ...(withExample ? [example && `\`${example}\``] : []),
    ]),
  );
  const head = ["Property", "Type", "What it is", ...(withExample ? ["Example"] : [])];
  return [row(head), row(head.map(() => "---")), ...lines].join("\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
