import { z } from "zod";
import type { Limits } from "#app/esps/esp.ts";

/**
 * How many calls an ESP account may be sent now. The vendors count in fixed windows that begin we do not know when, so the
 * limits hold for every span of their length; and calls count when they have ended, because between sending and answer
 * nobody knows when they arrived. Two calls that arrive within one window are thus always counted together.
 * Pure; times are milliseconds of the database's clock.
 */

/** Per operation: how many calls had ended at which time, oldest first. */
const usageShape = z.record(z.string(), z.array(z.tuple([z.number(), z.number()])));

export type Usage = z.output<typeof usageShape>;

/** @throws ZodError */
export function parseUsage(stored: unknown): Usage {
  return usageShape.parse(stored);
}

const SECOND = 1_000;
const MINUTE = 60_000;

/** Kept free for what is not counted: the checks of a merchant who types keys, the last turn of a killed worker. */
const SHARE = 0.95;

/** Calls that may be made now, and in how many milliseconds there will be some where there are none. */
export type Allowance = { readonly calls: number; readonly waitMs: number };

export function allowanceOf(usage: Usage, operation: string, limits: Limits, now: number): Allowance {
  const used = usage[operation] ?? [];
  const windows = [
    { span: SECOND, limit: Math.floor(limits.perSecond * SHARE) },
    { span: MINUTE, limit: Math.floor(limits.perMinute * SHARE) },
  ];
  let calls = Number.POSITIVE_INFINITY;
  let waitMs = 0;
  for (const { span, limit } of windows) {
    const inside = used.filter(([at]) => at > now - span);
    const free = Math.max(1, limit) - inside.reduce((sum, [, count]) => sum + count, 0);
    calls = Math.min(calls, free);
    if (free < 1) waitMs = Math.max(waitMs, (inside[0]?.[0] ?? now) + span - now);
  }
  return calls < 1 ? { calls: 0, waitMs } : { calls, waitMs: 0 };
}

/** Adds calls that have ended, forgets those that no window can contain, and gathers older ones into whole seconds. */
export function spend(usage: Usage, calls: Readonly<Record<string, number>>, now: number): Usage {
  const next: Usage = {};
  for (const operation of new Set([...Object.keys(usage), ...Object.keys(calls)])) {
    const slots = new Map<number, number>();
    for (const [at, count] of [...(usage[operation] ?? []), [now, calls[operation] ?? 0] as const]) {
      if (at <= now - MINUTE || count === 0) continue;
      // Rounded up: a call is never forgotten too early.
      const slot = at > now - SECOND ? at : Math.ceil(at / SECOND) * SECOND;
      slots.set(slot, (slots.get(slot) ?? 0) + count);
    }
    if (slots.size > 0) next[operation] = [...slots].sort(([a], [b]) => a - b);
  }
  return next;
}

/** The calls of one turn on an account that it holds. */
export type Budget = {
  /** Takes one call; false where the windows have none left. */
  take(operation: string, limits: Limits): boolean;
  /** Calls taken so far, by operation. */
  readonly taken: Readonly<Record<string, number>>;
  /** Milliseconds until there is a call again of each operation that was refused; 0 where none was. Asked after the last call. */
  waitMs(): number;
};

export function openBudget(usage: Usage, clock: () => number): Budget {
  const allowed = new Map<string, number>();
  const refused = new Map<string, Limits>();
  const taken: Record<string, number> = {};
  return {
    taken,
    take(operation, limits) {
      const calls = allowed.get(operation) ?? allowanceOf(usage, operation, limits, clock()).calls;
      allowed.set(operation, calls);
      const before = taken[operation] ?? 0;
      if (before >= calls) refused.set(operation, limits);
      else taken[operation] = before + 1;
      return before < calls;
    },
    waitMs() {
      const after = spend(usage, taken, clock());
      const waits = [...refused].map(([operation, limits]) => allowanceOf(after, operation, limits, clock()).waitMs);
      return Math.max(0, ...waits);
    },
  };
}
