import type { Found, Outcome } from "#app/esps/esp.ts";

/** Calls in a row that failed, whatever wait they came with, after which the ESP counts as down. */
const BREAK_AFTER = 5;
/** A dead ESP is tried once in so many seconds, by one call of one connection of the account. */
const PROBE_SECONDS = 10;

/** What a turn found: the ESP answers, refused the credentials, is down, or (null) was not asked or only stumbles. */
export type EspState = "answering" | "refusing" | "down" | null;

/** What the outcomes of a turn say about the ESP, as opposed to the delivery. */
export type Health = ReturnType<typeof watchHealth>;

/**
 * @param failuresBefore calls of the account that failed in a row before this turn
 * @param block lets nobody call the account for so many seconds
 */
export function watchHealth(failuresBefore: number, block: (seconds: number) => Promise<void>) {
  let failures = failuresBefore;
  let failed = false;
  let answered = false;
  let askedToWait = 0;
  let refused = false;
  const isDown = () => failed && failures >= BREAK_AFTER;
  return {
    async heed(outcome: Outcome | Found): Promise<void> {
      // That it can be read from says nothing of what it is told.
      if (outcome.kind === "found") return;
      if (outcome.kind !== "retry") {
        answered = true;
        failures = 0;
        refused ||= outcome.kind === "reconnect";
        return;
      }
      const { afterSeconds = 0, tooFast = false } = outcome;
      if (!tooFast) {
        failed = true;
        failures++;
      }
      askedToWait = Math.max(askedToWait, afterSeconds);
      const rest = Math.max(afterSeconds, isDown() ? PROBE_SECONDS : 0);
      if (rest > 0) await block(rest);
    },
    failures: () => failures,
    isFailing: () => failures > 0 && failed,
    isOver: () => refused || askedToWait > 0 || isDown(),
    state(): EspState {
      if (refused) return "refusing";
      if (isDown()) return "down";
      return answered ? "answering" : null;
    },
    /** @param rests how many turns before this one ended in a rest */
    restSeconds(rests: number): number {
      const rest = Math.max(askedToWait, isDown() ? PROBE_SECONDS : 0);
      if (rest > 0) return rest;
      return failures > 0 && !answered ? Math.min(2 ** rests, PROBE_SECONDS) : 0;
    },
  };
}
