import { describe, expect, it } from "vitest";
import type { ConnectError } from "#app/delivery/connections.ts";
import { esps } from "#app/esps/index.ts";
import { i18nFor, isTextKey } from "#app/i18n.ts";
import { errorDetail, errorWords } from "./errors.ts";

const { t } = i18nFor("en");

describe("what is wrong with a key", () => {
  it("is said in the field's own words where it has some", () => {
    expect(errorWords("klaviyo", { field: "privateKey", code: "format" })).toBe(
      "integrations.klaviyo.field.privateKey.format",
    );
    expect(errorWords("klaviyo", { field: "privateKey", code: "key_refused" })).toBe("integrations.error.key_refused");
  });

  it("is said in the same words for every ESP where it has none", () => {
    expect(errorWords("klaviyo", { field: "form", code: "unavailable" })).toBe("integrations.error.unavailable");
  });

  it("names what is missing, and how long to wait", () => {
    const said = (error: ConnectError) => t(errorWords("klaviyo", error), { esp: "Klaviyo", ...errorDetail(error) });
    expect(said({ field: "privateKey", code: "scopes_missing", detail: "events:write" })).toContain("events:write");
    expect(said({ field: "form", code: "busy", detail: "1" })).toContain("in 1 second.");
    expect(said({ field: "form", code: "busy", detail: "30" })).toContain("in 30 seconds.");
    expect(said({ field: "publicKey", code: "wrong_account" })).toContain("another Klaviyo account");
  });
});

describe.each(Object.entries(esps))("%s", (key, { fields }) => {
  it("has its texts", () => {
    const texts = Object.values(fields).flatMap(({ label, help }) => [label, help]);
    expect([`integrations.${key}.about`, ...texts].filter((text) => !isTextKey(text))).toEqual([]);
  });
});
