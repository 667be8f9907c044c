import { expect, test } from "vitest";
import { PATIENCE_MS } from "#app/domain/rewards/sweep-coupons.ts";
import { patient } from "./job.ts";

/**
 * Hours until a job that always fails is given up, as pg-boss waits: twice as long each time, of which up to half is left to
 * chance, and at most the cap.
 */
function hoursOf({ tries, firstSeconds, atMostSeconds }: typeof patient, chance: number): number {
  const waits = Array.from({ length: tries - 1 }, (_, retry) =>
    Math.min(atMostSeconds, firstSeconds * 2 ** retry * (1 + chance)),
  );
  return waits.reduce((sum, seconds) => sum + seconds, 0) / 3600;
}

test("what Shopify does not answer is tried for half a day, and swept up after that", () => {
  expect(hoursOf(patient, 0)).toBeGreaterThan(11);
  expect(hoursOf(patient, 1)).toBeLessThan(12.5);
  expect(PATIENCE_MS / 3_600_000).toBeGreaterThan(hoursOf(patient, 1));
});
