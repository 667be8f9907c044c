import { readFileSync } from "node:fs";
import { env } from "#app/env.server.ts";

/**
 * Business time: real time plus the offset that CLOCK_OFFSET_FILE holds. Only the simulator writes that file; deadlines
 * and event times follow it, security freshness and rate windows do not.
 */
export function now(): Date {
  return inBusinessTime(Date.now());
}

/** A moment of real time, in milliseconds, that is compared with business times: when a session token was issued. */
export function inBusinessTime(real: number): Date {
  return new Date(real + offset());
}

/** This process's business time starts at that moment, whatever the file says (`npm run job -- … --at`). */
export function startAt(moment: Date): void {
  ownOffset = moment.getTime() - Date.now();
}

let ownOffset: number | undefined;
let lastOffset = 0;

/** Milliseconds. Read every time (some microseconds): a test that moves the clock is seen by the next request. */
function offset(): number {
  if (ownOffset !== undefined) return ownOffset;
  const text = env.CLOCK_OFFSET_FILE ? readIfThere(env.CLOCK_OFFSET_FILE).trim() : "0";
  // Empty: its writer is between truncating and writing.
  if (text === "") return lastOffset;
  if (!/^-?\d+$/.test(text)) throw new Error(`CLOCK_OFFSET_FILE must hold whole milliseconds, not "${text}"`);
  lastOffset = Number(text);
  return lastOffset;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "0";
    throw error;
  }
}
