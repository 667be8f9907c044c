import { describe, expect, it } from "vitest";
import { esps } from "#app/esps/index.ts";
import { isTextKey } from "#app/i18n.ts";
import { errorDetail, errorWords } from "./errors.ts";

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

  it("names what is missing", () => {
    expect(errorDetail({ field: "privateKey", code: "scopes_missing", detail: "events:write" })).toBe("events:write");
    expect(errorDetail({ field: "publicKey", code: "wrong_account" })).toBeUndefined();
  });
});

describe.each(Object.entries(esps))("%s", (key, { fields }) => {
  it("has its texts", () => {
    const texts = Object.values(fields).flatMap(({ label, help }) => [label, help]);
    expect([`integrations.${key}.about`, ...texts].filter((text) => !isTextKey(text))).toEqual([]);
  });
});
