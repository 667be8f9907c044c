import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prettyJson } from "./pretty-json.ts";

describe("pretty JSON", () => {
  it("is laid out as JSON.stringify would", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(prettyJson(text)).toBe(JSON.stringify(JSON.parse(text), null, 2));
      }),
    );
  });

  it("keeps long numbers and escapes as they were sent", () => {
    expect(prettyJson('{"id":820982911946154508,"price":10.00,"name":"\\u00e9\\"{"}')).toBe(
      '{\n  "id": 820982911946154508,\n  "price": 10.00,\n  "name": "\\u00e9\\"{"\n}',
    );
  });

  it("leaves what is not JSON alone", () => {
    expect(prettyJson("<html>Bad gateway</html>")).toBe("<html>Bad gateway</html>");
    expect(prettyJson('{"errors":[{"id"')).toBe('{"errors":[{"id"');
    expect(prettyJson("")).toBe("");
  });
});
