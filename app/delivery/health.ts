import { z } from "zod";
import type { Found, Outcome } from "#app/esps/esp.ts";

/** Calls of an operation in a row that failed, whatever wait they came with, after which it counts as down. */
const BREAK_AFTER = 5;
/** A dead ESP is tried once in so many seconds, by one call of one connection of the account. */
const PROBE_SECONDS = 10;

const failuresShape = z.record(z.string(), z.number());

/** By operation: calls in a row that failed. One operation may be dead while others answer, and is not well because of them. */
export type Failures = Readonly<z.output<typeof failuresShape>>;

/** @throws ZodError */
export function parseFailures(stored: unknown): Failures {
  return failuresShape.parse(stored);
}

/** What a turn found: the ESP answers, refused the credentials, is down, or (null) was not asked or only stumbles. */
export type EspState = "answering" | "refusing" | "down" | null;

/** What the outcomes of a turn say about the ESP, as opposed to the delivery. */
export type Health = ReturnType<typeof watchHealth>;

/**
 * @param failuresBefore of the account, before this turn
 * @param block lets nobody call the account for so many seconds
 */
export function watchHealth(failuresBefore: Failures, block: (seconds: number) => Promise<void>) {
  const failures = new Map(Object.entries(failuresBefore));
  let failed = false;
  let answered = false;
  let askedToWait = 0;
  let refused = false;
  /** Of one of its operations nothing better is known. */
  const isDown = () => [...failures.values()].some((count) => count >= BREAK_AFTER);
  /** That was seen in this turn. */
  const isSeenDown = () => failed && isDown();
  return {
    async heed(operation: string, outcome: Outcome | Found): Promise<void> {
      if (outcome.kind !== "retry") {
        failures.delete(operation);
        // That it can be read from says nothing of what it is told.
        answered ||= outcome.kind !== "found";
        refused ||= outcome.kind === "reconnect";
        return;
      }
      const { afterSeconds = 0, tooFast = false } = outcome;
      if (!tooFast) {
        failed = true;
        failures.set(operation, (failures.get(operation) ?? 0) + 1);
      }
      askedToWait = Math.max(askedToWait, afterSeconds);
      const rest = Math.max(afterSeconds, isSeenDown() ? PROBE_SECONDS : 0);
      if (rest > 0) await block(rest);
    },
    failures: (): Failures => Object.fromEntries(failures),
    /** Whether one person after the other should be sent to: it fails, or is known to be down and has not shown better. */
    isFailing: () => failures.size > 0 && (failed || isDown()),
    isOver: () => refused || askedToWait > 0 || isSeenDown(),
    state(): EspState {
      if (refused) return "refusing";
      if (isSeenDown()) return "down";
      return answered && !isDown() ? "answering" : null;
    },
    /** @param rests how many turns before this one ended in a rest */
    restSeconds(rests: number): number {
      const rest = Math.max(askedToWait, isSeenDown() ? PROBE_SECONDS : 0);
      if (rest > 0) return rest;
      return failures.size > 0 && !answered ? Math.min(2 ** rests, PROBE_SECONDS) : 0;
    },
  };
}
