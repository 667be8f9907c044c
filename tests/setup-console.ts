import { afterEach, beforeEach } from "vitest";

/** A test that expects an error on the console says so: `vi.spyOn(console, "error").mockImplementation(…)`. */
const unexpected: unknown[][] = [];
const { console: output } = globalThis;
const original = output.error;

function record(...args: unknown[]) {
  unexpected.push(args);
  original(...args);
}

beforeEach(() => {
  unexpected.length = 0;
  output.error = record;
});

afterEach(() => {
  output.error = original;
  if (unexpected.length > 0) throw new Error(`unexpected console.error: ${unexpected.map(String).join("\n")}`);
});
