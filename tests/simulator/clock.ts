import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * The shop's time: real time plus an offset. The app reads the same offset from the file that CLOCK_OFFSET_FILE names.
 * What guards freshness (session tokens, proxy signatures, token lifetimes, rate limits) never asks this clock.
 */
export interface Clock {
  now(): Date;
  offsetMs(): number;
  setOffset(offsetMs: number): void;
}

/** @param file where the offset is written as plain text, in whole milliseconds; null keeps it in memory. */
export function createClock(file: string | null, initialOffsetMs = 0): Clock {
  let offset = 0;
  const setOffset = (offsetMs: number) => {
    offset = Math.trunc(offsetMs);
    if (file) writeAtomically(file, String(offset));
  };
  setOffset(initialOffsetMs);
  return { now: () => new Date(Date.now() + offset), offsetMs: () => offset, setOffset };
}

/** A reader sees the old content or the new, never half of it. */
export function writeAtomically(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, content);
  renameSync(draft, file);
}
