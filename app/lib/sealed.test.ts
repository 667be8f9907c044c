import { describe, expect, test } from "vitest";
import { keyringOf, needsReseal, newKeyringText, SealError, seal, unseal } from "#app/lib/sealed.ts";

const old = newKeyringText("2025");
const fresh = newKeyringText("2026");
const purpose = "connection con_1";

describe("sealed texts", () => {
  const ring = keyringOf(fresh);

  test("open again, and say with which key they were sealed", () => {
    const sealed = seal(ring, "pk_secret é 🔑", purpose);
    expect(sealed).toMatch(/^v1\.2026\.[\w-]{16}\.[\w-]{22}\.[\w-]+$/);
    expect(unseal(ring, sealed, purpose)).toBe("pk_secret é 🔑");
    expect(unseal(ring, seal(ring, "", purpose), purpose)).toBe("");
  });

  test("never look the same twice", () => {
    expect(seal(ring, "a", purpose)).not.toBe(seal(ring, "a", purpose));
  });

  test("do not open for another purpose", () => {
    expect(() => unseal(ring, seal(ring, "a", purpose), "connection con_2")).toThrow(SealError);
  });

  test.each([2, 3, 4])("do not open when part %i was altered", (part) => {
    const parts = seal(ring, "a longer secret", purpose).split(".");
    const bytes = Buffer.from(parts[part] ?? "", "base64url");
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    parts[part] = bytes.toString("base64url");
    expect(() => unseal(ring, parts.join("."), purpose)).toThrow(SealError);
  });

  test("do not open with a shortened tag, another key under the same name, or as garbage", () => {
    const sealed = seal(ring, "a", purpose);
    const parts = sealed.split(".");
    parts[3] = Buffer.from(parts[3] ?? "", "base64url")
      .subarray(0, 4)
      .toString("base64url");
    expect(() => unseal(ring, parts.join("."), purpose)).toThrow(SealError);
    expect(() => unseal(keyringOf(newKeyringText("2026")), sealed, purpose)).toThrow(SealError);
    expect(() => unseal(ring, "plain text", purpose)).toThrow("not a sealed text");
  });
});

test("a rotated key seals while the older one still opens", () => {
  const before = seal(keyringOf(old), "a", purpose);
  const rotated = keyringOf(`${fresh}, ${old}`);
  expect(unseal(rotated, before, purpose)).toBe("a");
  expect(needsReseal(rotated, before)).toBe(true);
  expect(needsReseal(rotated, seal(rotated, "a", purpose))).toBe(false);
  expect(() => unseal(keyringOf(fresh), before, purpose)).toThrow("no key 2025");
});

test.each([
  ["", "key 1 is not"],
  ["a:c2hvcnQ=", "key 1 is not"],
  [`${fresh},secret`, "key 2 is not"],
  [`${fresh},${fresh}`, "two keys are called 2026"],
])("a wrong keyring is refused without showing keys", (text, message) => {
  expect(() => keyringOf(text)).toThrow(message);
  expect(() => keyringOf(text)).not.toThrow(/[A-Za-z0-9+/]{30}/);
});
