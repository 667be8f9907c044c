import { expect, test } from "vitest";
import { framesOf, greeting, prefixStatements, simpleQuery, startupLength } from "./wire.ts";

function message(type: string, ...parts: string[]): Buffer {
  const body = Buffer.from(parts.join(""));
  const head = Buffer.alloc(5, type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

test("messages are found whole; an unfinished one waits", () => {
  const bytes = Buffer.concat([simpleQuery("SELECT 1"), message("S"), simpleQuery("SELECT 2").subarray(0, 7)]);
  expect([...framesOf(bytes)]).toEqual([
    { type: 0x51, start: 0, end: 14 },
    { type: 0x53, start: 14, end: 19 },
  ]);
  expect([...framesOf(bytes.subarray(0, 3))]).toEqual([]);
});

test("the start-up message is complete or not", () => {
  expect(startupLength(Buffer.from([0, 0, 0, 8, 0, 3, 0, 0, 9]))).toBe(8);
  expect(startupLength(Buffer.from([0, 0, 0, 8, 0]))).toBeUndefined();
  expect(startupLength(Buffer.from([0, 0]))).toBeUndefined();
});

test("a greeting ends ready and idle", () => {
  const bytes = greeting({ TimeZone: "UTC" });
  expect([...framesOf(bytes)].map(({ type }) => String.fromCharCode(type)).join("")).toBe("RSKZ");
  expect(bytes.at(-1)).toBe(0x49);
});

test("named statements get a prefix wherever they are named, unnamed ones and portals do not", () => {
  const messages = [
    ["P", "s1\0", "SELECT 1\0\0\0"],
    ["B", "portal\0", "s1\0", "\0\0\0\0\0\0"],
    ["D", "S", "s1\0"],
    ["D", "P", "portal\0"],
    ["C", "S", "s1\0"],
    ["P", "\0", "SELECT 2\0\0\0"],
    ["S"],
  ] as const;
  const prefixed = messages.map(([type, ...parts]) =>
    message(type, ...parts.map((part) => (part === "s1\0" ? "c7_s1\0" : part))),
  );
  expect(prefixStatements(Buffer.concat(messages.map(([type, ...parts]) => message(type, ...parts))), "c7_")).toEqual(
    Buffer.concat(prefixed),
  );
});
