import { expect, it } from "vitest";
import { newId } from "#app/lib/ids.ts";
import { cursorOf } from "./cursor.ts";

const page = (query: string) => new Request(`https://passalong.example/app/referrals${query}`);

it.each([newId("rfl", new Date(0)), "1042"])("a list goes on behind %s", (next) => {
  expect(cursorOf(page(`?before=${next}`))).toBe(next);
});

it.each(["", "?before=", "?before='--", `?before=${"9".repeat(41)}`])(
  "a list with %j begins with the newest",
  (query) => {
    expect(cursorOf(page(query))).toBeUndefined();
  },
);
