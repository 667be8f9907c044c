import { expect, test } from "vitest";
import type { Found, Outcome } from "#app/esps/esp.ts";
import { type Failures, watchHealth } from "./health.ts";

const found: Found = { kind: "found", profile: null };
const told: Outcome = { kind: "delivered" };
const failed: Outcome = { kind: "retry", because: "HTTP 503" };
const failedFor = (afterSeconds: number): Outcome => ({ ...failed, afterSeconds });
const tooFast: Outcome = { kind: "retry", because: "HTTP 429", afterSeconds: 3, tooFast: true };

type Call = Outcome | Found;

/** What is known of an ESP after these events and look-ups, and the seconds that nobody may call it after each of them. */
function after(...outcomes: readonly Call[]) {
  return afterCalls({}, ...outcomes.map((outcome): [string, Call] => [operationOf(outcome), outcome]));
}

const operationOf = ({ kind }: Call) => (kind === "found" ? "find" : "event");

const NOW = Date.parse("2026-11-05T10:00:00Z");
/** Events that have failed five times in a row, the last time so long ago. */
const deadFor = (milliseconds: number): Failures => ({
  event: { count: 5, at: NOW - milliseconds, personId: "per_before" },
});

/** Every call is for somebody else, where it does not say for whom. */
async function afterCalls(
  before: Failures,
  ...calls: readonly [operation: string, outcome: Call, personId?: string][]
) {
  const rests: number[] = [];
  const clock = () => NOW;
  const health = watchHealth(before, clock, async (seconds) => void rests.push(seconds));
  for (const [i, [operation, outcome, personId = `per_${i}`]] of calls.entries()) {
    await health.heed(operation, outcome, personId);
  }
  return {
    state: health.state(),
    failures: Object.fromEntries(Object.entries(health.failures()).map(([name, { count }]) => [name, count])),
    isFailing: health.isFailing(),
    rest: health.restSeconds(0),
    rests,
  };
}

const five = <Item>(item: Item) => Array.from({ length: 5 }, () => item);

test("an ESP that fails five times in a row is down and rests ten seconds", async () => {
  const down = { state: "down", failures: { event: 5 }, isFailing: true, rest: 10, rests: [10] };
  expect(await after(...five(failed))).toEqual(down);
  expect(await after(...five(failed).slice(1))).toMatchObject({ state: null, rests: [] });
});

test("what fails for one person again and again may be about them alone, and is not counted again", async () => {
  const calls = (...people: string[]) => people.map((person): [string, Call, string] => ["event", failed, person]);
  expect(await afterCalls({}, ...calls("a", "a", "a", "a", "a", "a"))).toMatchObject({
    state: null,
    failures: { event: 1 },
  });
  expect(await afterCalls({}, ...calls("a", "a", "b", "b", "a"))).toMatchObject({
    state: null,
    failures: { event: 3 },
  });
  expect(await afterCalls({}, ...calls("a", "b", "c", "d", "e", "e"))).toMatchObject({
    state: "down",
    rests: [10, 10],
  });
});

test.each([
  [1, 10],
  [60, 60],
])("a dead ESP that asks for %i s is down all the same, and rests %i s", async (asked, rest) => {
  const calls = five(failedFor(asked));
  expect(await after(...calls)).toMatchObject({
    state: "down",
    failures: { event: 5 },
    rest,
    rests: [asked, asked, asked, asked, rest],
  });
});

test("an ESP that wants less of us is never down", async () => {
  expect(await after(...five(tooFast), ...five(tooFast))).toMatchObject({ state: null, failures: {}, rest: 3 });
});

test("that profiles can be read hides nothing from us: what is told still fails", async () => {
  const calls = five([found, failed]).flat();
  expect(await after(...calls)).toMatchObject({ state: "down", failures: { event: 5 } });
  expect(await after(found)).toMatchObject({ state: null });
});

test("one that takes what it is told is well again", async () => {
  expect(await after(...five(failed), told)).toMatchObject({ state: "answering", failures: {}, isFailing: false });
});

test("one that takes properties is not well while it takes no events, and is told one thing after the other", async () => {
  const before = deadFor(30_000);
  const dead = { state: null, failures: { event: 5 }, isFailing: true, rest: 0, rests: [] };
  expect(await afterCalls(before, ["profile", told])).toEqual(dead);
  expect(await afterCalls(before, ["profile", told], ["event", failed])).toMatchObject({ state: "down", rests: [10] });
  expect(await afterCalls(before, ["event", told])).toMatchObject({ state: "answering", failures: {} });
});

test("what has not been tried for ten minutes, because nothing waits for it, keeps nobody down", async () => {
  const well = { state: "answering", failures: {}, isFailing: false };
  expect(await afterCalls(deadFor(600_001), ["profile", told])).toMatchObject(well);
  expect(await afterCalls(deadFor(599_999), ["profile", told])).toMatchObject({ state: null, isFailing: true });
});

test("look-ups that fail and then work leave nothing behind", async () => {
  expect(await afterCalls({}, ["find", failed], ["find", found])).toMatchObject({ failures: {}, isFailing: false });
});
