import { expect, test } from "vitest";
import type { Found, Outcome } from "#app/esps/esp.ts";
import { watchHealth } from "./health.ts";

const found: Found = { kind: "found", profile: null };
const told: Outcome = { kind: "delivered" };
const failed: Outcome = { kind: "retry", because: "HTTP 503" };
const failedFor = (afterSeconds: number): Outcome => ({ ...failed, afterSeconds });
const tooFast: Outcome = { kind: "retry", because: "HTTP 429", afterSeconds: 3, tooFast: true };

/** What is known of an ESP after these calls, and the seconds that nobody may call it after each of them. */
async function after(...outcomes: readonly (Outcome | Found)[]) {
  const rests: number[] = [];
  const health = watchHealth(0, async (seconds) => void rests.push(seconds));
  for (const outcome of outcomes) await health.heed(outcome);
  return { state: health.state(), failures: health.failures(), rest: health.restSeconds(0), rests };
}

const five = <Item>(item: Item) => Array.from({ length: 5 }, () => item);

test("an ESP that fails five times in a row is down and rests ten seconds", async () => {
  expect(await after(...five(failed))).toEqual({ state: "down", failures: 5, rest: 10, rests: [10] });
  expect(await after(...five(failed).slice(1))).toMatchObject({ state: null, rests: [] });
});

test.each([
  [1, 10],
  [60, 60],
])("a dead ESP that asks for %i s is down all the same, and rests %i s", async (asked, rest) => {
  const calls = five(failedFor(asked));
  expect(await after(...calls)).toMatchObject({
    state: "down",
    failures: 5,
    rest,
    rests: [asked, asked, asked, asked, rest],
  });
});

test("an ESP that wants less of us is never down", async () => {
  expect(await after(...five(tooFast), ...five(tooFast))).toMatchObject({ state: null, failures: 0, rest: 3 });
});

test("that profiles can be read hides nothing from us: what is told still fails", async () => {
  const calls = five([found, failed]).flat();
  expect(await after(...calls)).toMatchObject({ state: "down", failures: 5 });
  expect(await after(found)).toMatchObject({ state: null });
});

test("one that takes what it is told is well again", async () => {
  expect(await after(...five(failed), told)).toMatchObject({ state: "answering", failures: 0 });
});
