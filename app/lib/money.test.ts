import { describe, expect, it } from "vitest";
import { add, decimalOf, exponentOf, formatMoney, majorUnits, parseMoney } from "./money.ts";

describe("money", () => {
  it("knows how many decimals a currency has", () => {
    expect(["USD", "JPY", "KWD"].map(exponentOf)).toEqual([2, 0, 3]);
    // Usually written without, and yet Shopify has orders with fractions of them.
    expect(["HUF", "COP", "IDR", "IQD"].map(exponentOf)).toEqual([2, 2, 2, 3]);
  });

  it.each([
    ["49.90", "USD", 4990n],
    ["49.9", "USD", 4990n],
    ["1200", "JPY", 1200n],
    ["1200.00", "JPY", 1200n],
    ["1.250", "KWD", 1250n],
    ["423.07", "HUF", 42307n],
    ["-3.05", "EUR", -305n],
    ["0.00", "EUR", 0n],
  ])("reads %s %s", (decimal, currency, minor) => {
    expect(parseMoney(decimal, currency)).toEqual({ minor, currency });
  });

  it.each(["", "1,5", "1.2.3", "NaN", "1e3", "12.345"])("refuses %j as dollars", (decimal) => {
    expect(() => parseMoney(decimal, "USD")).toThrow(RangeError);
  });

  it("writes what it has read", () => {
    expect(decimalOf({ minor: 5n, currency: "USD" })).toBe("0.05");
    expect(decimalOf({ minor: -305n, currency: "EUR" })).toBe("-3.05");
    expect(decimalOf({ minor: 1200n, currency: "JPY" })).toBe("1200");
    expect(majorUnits({ minor: 1250n, currency: "KWD" })).toBe(1.25);
  });

  it("never adds two currencies", () => {
    expect(() => add({ minor: 1n, currency: "USD" }, { minor: 1n, currency: "EUR" })).toThrow(RangeError);
  });

  it("is shown as the reader writes it", () => {
    expect(formatMoney({ minor: 120000n, currency: "JPY" }, "en")).toBe("¥120,000");
  });
});
