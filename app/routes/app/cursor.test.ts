import { expect, it } from "vitest";
import { newId } from "#app/lib/ids.ts";
import { isFirst, placeOf } from "./cursor.ts";

const page = (query: string) => new Request(`https://passalong.example/app/referrals${query}`);

it.each([newId("rfl", new Date(0)), "1042"])("a list goes on beside %s", (next) => {
  expect(placeOf(page(`?before=${next}`))).toMatchObject({ before: next, after: undefined });
  expect(placeOf(page(`?after=${next}`))).toMatchObject({ before: undefined, after: next });
});

it.each(["", "?before=", "?after='--", `?before=${"9".repeat(41)}`])(
  "a list with %j begins with the newest",
  (query) => {
    expect(isFirst(placeOf(page(query)))).toBe(true);
  },
);
