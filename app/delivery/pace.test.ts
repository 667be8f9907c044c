import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Limits } from "#app/esps/esp.ts";
import { allowanceOf, openBudget, spend, type Usage } from "./pace.ts";

const limits: Limits = { items: 1, bytes: 1, perSecond: 20, perMinute: 100 };
const NOW = 1_000_000_000_000;

test("an account that was sent nothing may be sent a second's calls, a little being kept free", () => {
  expect(allowanceOf({}, "event", limits, NOW)).toEqual({ calls: 19, waitMs: 0 });
});

test("the next calls come a second after the ones before have ended", () => {
  const usage = spend({}, { event: 19 }, NOW);
  expect(allowanceOf(usage, "event", limits, NOW + 999)).toEqual({ calls: 0, waitMs: 1 });
  expect(allowanceOf(usage, "event", limits, NOW + 1000)).toEqual({ calls: 19, waitMs: 0 });
});

test("a minute's calls are waited for as long as it takes", () => {
  let usage: Usage = {};
  for (let i = 0; i < 5; i++) usage = spend(usage, { event: 19 }, NOW + i * 1000);
  const { calls, waitMs } = allowanceOf(usage, "event", limits, NOW + 10_000);
  expect(calls).toBe(0);
  expect(waitMs).toBe(50_000);
});

test("operations have windows of their own", () => {
  expect(allowanceOf(spend({}, { profile: 19 }, NOW), "event", limits, NOW).calls).toBe(19);
});

test("what is kept does not grow with the calls", () => {
  let usage: Usage = {};
  for (let i = 0; i < 5000; i++) usage = spend(usage, { event: 1 }, NOW + i * 37);
  expect(usage.event?.length).toBeLessThan(100);
});

describe("a turn's budget", () => {
  test("gives what the windows allow, and says when there is more", () => {
    let now = NOW;
    const budget = openBudget({}, () => now);
    const taken = Array.from({ length: 25 }, () => budget.take("event", limits));
    expect(taken.filter(Boolean)).toHaveLength(19);
    expect(budget.taken).toEqual({ event: 19 });
    now += 400;
    expect(budget.waitMs()).toBe(1000);
  });

  test("does not wait where nothing was refused", () => {
    const budget = openBudget({}, () => NOW);
    budget.take("event", limits);
    expect(budget.waitMs()).toBe(0);
  });
});

test("no window of the vendor, wherever it begins, ever sees more than its limit", () => {
  // A turn: it waits, has a backlog of so many, and its calls arrive anywhere between its begin and its end.
  const turn = fc.record({
    pause: fc.integer({ min: 0, max: 3000 }),
    backlog: fc.integer({ min: 1, max: 60 }),
    lasts: fc.integer({ min: 0, max: 4000 }),
    arrivals: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 60, maxLength: 60 }),
  });
  fc.assert(
    fc.property(fc.array(turn, { minLength: 1, maxLength: 60 }), (turns) => {
      let now = NOW;
      let usage: Usage = {};
      const arrived: number[] = [];
      for (const { pause, backlog, lasts, arrivals } of turns) {
        now += pause;
        const began = now;
        const budget = openBudget(usage, () => now);
        for (let i = 0; i < backlog; i++) {
          if (budget.take("event", limits)) arrived.push(began + (arrivals[i] ?? 0) * lasts);
        }
        now += lasts;
        const waitMs = budget.waitMs();
        usage = spend(usage, budget.taken, now);
        now += waitMs;
      }
      arrived.sort((a, b) => a - b);
      expect(most(arrived, 1_000)).toBeLessThanOrEqual(limits.perSecond);
      expect(most(arrived, 60_000)).toBeLessThanOrEqual(limits.perMinute);
    }),
    { numRuns: 300 },
  );
});

/** The largest number of times within any span. */
function most(sorted: readonly number[], span: number): number {
  let first = 0;
  let largest = 0;
  for (const [index, at] of sorted.entries()) {
    while ((sorted[first] ?? at) <= at - span) first++;
    largest = Math.max(largest, index - first + 1);
  }
  return largest;
}
