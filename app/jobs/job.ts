import type { z } from "zod";
import type { Queue, RetryPolicy } from "#app/queue/boss.ts";

/**
 * A job: its payload (ids only), how it is tried again, and what it does. It is thin, in one of two shapes: decide (one
 * `transact`), or reach (load → call outside any transaction, idempotent and time-boxed → record in a second one).
 */
export function job<Payload>(spec: {
  readonly payload: z.ZodType<Payload>;
  readonly retry: RetryPolicy;
  readonly cron?: string;
  readonly run: (payload: Payload, isLastTry: boolean) => Promise<unknown>;
}): Queue {
  const { payload, run, ...rest } = spec;
  return { ...rest, run: (data, isLastTry) => run(payload.parse(data ?? {}), isLastTry) };
}

/** For what Shopify does not answer now: some twelve hours in all, of which the first hour or two take half the tries. */
export const patient: RetryPolicy = { tries: 22, firstSeconds: 2, atMostSeconds: 3600 };

/** For sweeps that come again by themselves, or are run by hand. */
export const sweep: RetryPolicy = { tries: 1, firstSeconds: 60, atMostSeconds: 60 };
