import { expect, it } from "vitest";
import { carries } from "./connections.ts";
import { connectionSettings } from "./settings.ts";

const settings = connectionSettings.parse({});
const withheld = connectionSettings.parse({ withheld: { events: ["opted-in.recipient"] } });

it.each([
  ["connected", settings, true],
  ["paused", settings, true],
  ["disabled", settings, false],
  ["disconnected", settings, false],
  ["connected", withheld, false],
] as const)("an ESP that is %s is told of an event that is selected, now or when it goes on", (state, of, told) => {
  expect(carries({ state, settings: of }, "opted-in.recipient")).toBe(told);
});
