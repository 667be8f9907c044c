import { describe, expect, it } from "vitest";
import { derivedId, newId } from "./ids.ts";

describe("ids", () => {
  it("made later sort later", () => {
    const ids = Array.from({ length: 200 }, (_, i) => newId("rfl", new Date(1_790_000_000_000 + i)));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(200);
  });

  it("carry their prefix and 26 unambiguous characters", () => {
    expect(newId("evt", new Date(0))).toMatch(/^evt_[0-9a-hjkmnp-tv-z]{26}$/);
  });

  it("that derive from the same parts are the same, and parts do not run together", () => {
    expect(derivedId("evt", "a", "bc")).toBe(derivedId("evt", "a", "bc"));
    expect(derivedId("evt", "a", "bc")).not.toBe(derivedId("evt", "ab", "c"));
  });
});
