import { z } from "zod";
import type { Found, Outcome } from "#app/esps/esp.ts";

/**
 * Calls of an operation in a row that failed, whatever wait they came with, after which it counts as down. One that fails
 * for the person of the one before says nothing new: it may be about them alone, whose own back-off leads to an end.
 */
const BREAK_AFTER = 5;
/** A dead ESP is tried once in so many seconds, by one call of one connection of the account. */
const PROBE_SECONDS = 10;

/**
 * What failed is forgotten when the operation has not been tried for so long: nothing waits for it any more (a list that the
 * merchant turned off), and what is never asked for cannot show that it is well again.
 */
const FORGET_MS = 600_000;

const failuresShape = z.record(
  z.string(),
  z.object({ count: z.number(), at: z.number(), personId: z.string().default("") }),
);

/**
 * By operation: how many calls in a row failed, when the last one did (ms, the database's time) and for whom. One operation
 * may be dead while others answer, and is not well because of them.
 */
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
 * @param clock the database's time, in ms
 * @param block lets nobody call the account for so many seconds
 */
export function watchHealth(failuresBefore: Failures, clock: () => number, block: (seconds: number) => Promise<void>) {
  const remembered = Object.entries(failuresBefore).filter(([, { at }]) => at > clock() - FORGET_MS);
  const failures = new Map(remembered);
  let failed = false;
  let answered = false;
  let askedToWait = 0;
  let refused = false;
  /** Of one of its operations nothing better is known. */
  const isDown = () => [...failures.values()].some(({ count }) => count >= BREAK_AFTER);
  /** That was seen in this turn. */
  const isSeenDown = () => failed && isDown();
  return {
    async heed(operation: string, outcome: Outcome | Found, personId: string): Promise<void> {
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
        const before = failures.get(operation);
        const count = (before?.count ?? 0) + (before?.personId === personId ? 0 : 1);
        failures.set(operation, { count, at: clock(), personId });
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
