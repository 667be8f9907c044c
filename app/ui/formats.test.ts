import { describe, expect, it } from "vitest";
import { formatsFor } from "./formats.ts";

const at = new Date("2026-11-21T23:30:05.123Z");
/** Engines differ in which space stands before "PM" or "€". */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("formats", () => {
  it("show moments on the shop's clock", () => {
    expect(plain(formatsFor("en", "America/New_York").moment(at))).toBe("Nov 21, 2026, 6:30 PM");
    expect(plain(formatsFor("en", "Asia/Tokyo").moment(at))).toBe("Nov 22, 2026, 8:30 AM");
    expect(plain(formatsFor("en", "UTC").exactMoment(at))).toBe("Nov 21, 2026, 11:30:05.123 PM");
  });

  it("show calendar dates as they are, whatever the clock", () => {
    expect(formatsFor("en", "America/New_York").day("2026-11-21")).toBe("Nov 21");
  });

  it("show figures as the merchant writes them", () => {
    const german = formatsFor("de-DE", "Europe/Berlin");
    expect(german.number(12345)).toBe("12.345");
    expect(plain(german.money({ minor: 123450n, currency: "EUR" }))).toBe("1.234,50 €");
    expect(formatsFor("en", "UTC").money({ minor: 1200n, currency: "JPY" })).toBe("¥1,200");
  });

  it("read a locale that is none as English", () => {
    expect(formatsFor("not a locale", "UTC").number(1234.5)).toBe("1,234.5");
  });
});
