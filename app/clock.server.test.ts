import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test, vi } from "vitest";

const directory = mkdtempSync(path.join(os.tmpdir(), "passalong-clock-"));
const file = path.join(directory, "clock");
const { now } = await clockOf(file);

/** The clock of a process that was started with that file. */
async function clockOf(offsetFile: string | undefined) {
  vi.stubEnv("CLOCK_OFFSET_FILE", offsetFile);
  vi.resetModules();
  return import("#app/clock.server.ts");
}

const DAY = 86_400_000;

afterAll(() => rmSync(directory, { recursive: true }));

const moveClock = (milliseconds: number) => writeFileSync(file, String(milliseconds));
const offset = () => now().getTime() - Date.now();

test("business time is real time until the clock is moved, forwards or back", () => {
  expect(offset()).toBeCloseTo(0, -3);
  moveClock(14 * DAY);
  expect(offset()).toBeCloseTo(14 * DAY, -3);
  moveClock(-90 * DAY);
  expect(offset()).toBeCloseTo(-90 * DAY, -3);
});

test("a file caught between truncating and writing keeps the last time", () => {
  moveClock(DAY);
  expect(offset()).toBeCloseTo(DAY, -3);
  writeFileSync(file, "");
  expect(offset()).toBeCloseTo(DAY, -3);
});

test("nonsense is refused, not guessed at", () => {
  writeFileSync(file, "tomorrow");
  expect(now).toThrow('CLOCK_OFFSET_FILE must hold whole milliseconds, not "tomorrow"');
});

test("without a file it is real time", async () => {
  const clock = await clockOf(undefined);
  expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(50);
});
