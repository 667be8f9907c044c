import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { events, propertySets } from "./catalog.ts";
import { printEvents } from "./print-events.ts";

test("docs/events.md is what the catalogue says; if not: npm run generate", () => {
  expect(readFileSync("docs/events.md", "utf8")).toBe(printEvents());
});

describe.each(Object.entries(events))("%s", (_, { example, properties }) => {
  test("has an example that is what it declares", () => {
    expect(properties.strict().parse(example)).toEqual(example);
  });
});

test("every property says what it is", () => {
  const shapes = [
    ...Object.values(events).map(({ properties }) => properties.shape),
    ...Object.values(propertySets).map(({ shape }) => shape),
  ];
  for (const shape of shapes) {
    for (const [name, schema] of Object.entries(shape)) expect(schema.description, name).toBeTruthy();
  }
});
