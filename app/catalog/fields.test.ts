import { describe, expect, test } from "vitest";
import { normalEmail } from "#app/lib/email.ts";
import { events } from "./catalog.ts";

const withAddress = Object.entries(events).flatMap(([key, { properties, example }]) => {
  const addresses = Object.keys(properties.shape).filter((name) => /\bEmail$/.test(name));
  return addresses.length > 0 ? [{ key, properties, example, addresses }] : [];
});

describe.each(withAddress)("$key", ({ properties, example, addresses }) => {
  test.each([
    "fern@grove.shop",
    "müller@firma.de",
    "user&co@x.com",
    "a@b.xn--p1ai",
    "jo#e@x.com",
    "иван@почта.рф",
    "o'hara+friends@grove.shop",
  ])("tells of whoever is known by the address %s", (address) => {
    const told = { ...example, ...Object.fromEntries(addresses.map((name) => [name, address])) };
    expect(normalEmail(address)).toBe(address);
    expect(properties.safeParse(told).error).toBeUndefined();
  });
});

test("what is no address is not told", () => {
  const { properties, example } = events["opted-in.referrer"];
  expect(properties.safeParse({ ...example, "Referrer Email": "ocean" }).success).toBe(false);
});
