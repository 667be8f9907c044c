import { expect, it } from "vitest";
import { parseSubmission } from "./submission.ts";

function form(values: Record<string, string>) {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
}

it("a form says which connection, what to do with it, and the keys", () => {
  expect(parseSubmission(form({ intent: "connect", esp: "klaviyo", publicKey: "AbC123", privateKey: "pk_1" }))).toEqual(
    {
      intent: "connect",
      esp: "klaviyo",
      credentials: { publicKey: "AbC123", privateKey: "pk_1" },
    },
  );
});

it.each<Record<string, string>>([
  {},
  { intent: "connect" },
  { intent: "connect", esp: "toString" },
  { intent: "drop", esp: "klaviyo" },
])("%j is no form of ours", (values) => {
  expect(parseSubmission(form(values))).toBeNull();
});
