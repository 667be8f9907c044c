import type { EspState } from "./health.ts";
import type { Waiting } from "./plan.ts";
import { retryDelay, TRIES } from "./retry.ts";
import type { StepOutcome } from "./round.ts";

/** What a delivery is after a turn. */
export type Settled = {
  readonly id: string;
  readonly personId: string;
  readonly state: "pending" | "delivered" | "rejected" | "cancelled";
  readonly reason: string | null;
  readonly tries: number;
  readonly doneAt: Date | null;
  /** Seconds until the next try. */
  readonly delay: number;
};

/** Whether the person's next delivery can go. */
export function isSettled({ kind }: StepOutcome): boolean {
  return kind === "delivered" || kind === "added" || kind === "rejected" || kind === "skipped";
}

/**
 * What an outcome makes of a delivery. One that is tried in vain is set aside in the end, but waiting because the ESP
 * asked for it or is down is not counted: it is no fault of the delivery.
 * @param calls made for it in this turn
 */
export function settle(
  { id, personId, attempts }: Waiting,
  outcome: StepOutcome,
  calls: number,
  espState: EspState,
  now: Date,
): Settled {
  const row = { id, personId, tries: attempts + calls, doneAt: now, delay: 0 };
  switch (outcome.kind) {
    case "delivered":
      return { ...row, state: "delivered", reason: null };
    case "added":
      return { ...row, state: "delivered", reason: outcome.because };
    case "skipped":
      return { ...row, state: "cancelled", reason: outcome.because };
    case "rejected":
    case "split":
      return { ...row, state: "rejected", reason: outcome.because };
    case "retry": {
      const waiting = { ...row, state: "pending", reason: outcome.because, doneAt: null } as const;
      const { afterSeconds = 0, tooFast } = outcome;
      if (tooFast) return { ...waiting, tries: attempts, delay: afterSeconds };
      const delay = Math.max(retryDelay(row.tries), afterSeconds);
      if (espState === "down") {
        return { ...waiting, tries: attempts, delay: Math.max(Math.min(delay, DOWN_SECONDS), afterSeconds) };
      }
      return row.tries >= TRIES ? { ...row, state: "rejected", reason: outcome.because } : { ...waiting, delay };
    }
    default:
      return { ...row, state: "pending", reason: outcome.because, doneAt: null };
  }
}

/** While the ESP is down somebody else is the probe the next time, and all go soon after it is back. */
const DOWN_SECONDS = 10;
