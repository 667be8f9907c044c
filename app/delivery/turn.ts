import { espOf } from "#app/esps/index.ts";
import type { Lane, Turn } from "#app/queue/lanes.ts";
import { block, giveBack, type HeldAccount, takeAccount } from "./account.ts";
import { startCalls } from "./calls.ts";
import type { DeliveryDeps } from "./deps.ts";
import { type Health, watchHealth } from "./health.ts";
import { loadConnection, loadWaiting, type OpenConnection } from "./load.ts";
import { type Budget, openBudget } from "./pace.ts";
import { byPerson, planSteps, type Step, type Waiting } from "./plan.ts";
import { type Result, record } from "./record.ts";
import { startRound } from "./round.ts";
import { isSettled } from "./settle.ts";

/** Deliveries of one turn; then the other shops have theirs. */
const ROWS = 150;
/** People who are sent to at the same time: with answers in 0.3 s more than the 58 calls a second that Klaviyo allows. */
const PARALLEL = 24;
/** No call is begun after this: other shops have their turn. */
const TURN_MS = 5_000;
/** When the worker stops, calls under way have this long to be answered; the next worker makes them again. */
const STOP_AFTER_MS = 5_000;

/** One turn of a connection: sends what waits, different people in parallel and each person's in order, and records it. */
export async function deliverTurn(deps: DeliveryDeps, lane: Lane, signal: AbortSignal): Promise<Turn | undefined> {
  const connection = await loadConnection(deps, lane);
  if (!connection) return undefined;
  const waiting = await loadWaiting(deps.pool, lane, ROWS);
  if (waiting.length === 0) return undefined;
  const account = await takeAccount(deps.pool, connection, lane.id);
  if ("waitSeconds" in account) return { restSeconds: account.waitSeconds };

  const budget = openBudget(account.usage, account.clock);
  const health = watchHealth(account.failures, account.clock, (seconds) => block(deps.pool, account, seconds));
  try {
    return await sendAndRecord({ deps, lane, connection, waiting, account, budget, health, signal });
  } finally {
    await giveBack(deps.pool, account, budget.taken, health.failures());
  }
}

async function sendAndRecord({
  deps,
  lane,
  connection,
  waiting,
  account,
  budget,
  health,
  signal,
}: {
  deps: DeliveryDeps;
  lane: Lane;
  connection: OpenConnection;
  waiting: readonly Waiting[];
  account: HeldAccount;
  budget: Budget;
  health: Health;
  signal: AbortSignal;
}): Promise<Turn> {
  const esp = espOf(connection.esp);
  const giveUp = abortAfter(signal, STOP_AFTER_MS);
  const calls = startCalls(deps, esp, connection, budget, giveUp, health.heed);
  const round = startRound(esp, calls, connection.settings);
  const until = account.clock() + TURN_MS;
  const isOver = () => signal.aborted || health.isOver() || account.clock() > until;
  const results: Result[] = [];

  /** A person's later steps wait for the earlier ones. */
  async function sendPerson(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (isOver()) return;
      const outcome = await round.perform(step);
      if (!outcome) return;
      results.push({ deliveries: step.deliveries, outcome });
      if (!isSettled(outcome)) return;
    }
  }

  const plans = byPerson(waiting)
    .map((rows) => planSteps(esp, connection.settings, rows))
    .values();
  async function sendNext(): Promise<void> {
    for (const steps of plans) {
      await sendPerson(steps);
      if (isOver()) return;
    }
  }

  // Where the account was not sent to lately, or was unwell, one person goes alone, and the others when that is answered: an
  // ESP that wants to be left alone, or is down, hears of us once, and not from everybody who was on their way already.
  const isKnownWell =
    lane.rests === 0 && Object.keys(health.failures()).length === 0 && Object.keys(account.usage).length > 0;
  const first = isKnownWell ? undefined : plans.next();
  if (first?.value) await sendPerson(first.value);
  if (!health.isFailing()) await Promise.all(Array.from({ length: PARALLEL }, sendNext));

  await record(deps, connection, { made: calls.made, results, learnt: round.learnt, state: health.state() });
  return { restSeconds: health.restSeconds(lane.rests) || budget.waitMs() / 1000 };
}

/** Aborts some time after another signal did. */
function abortAfter(signal: AbortSignal, milliseconds: number): AbortSignal {
  const later = new AbortController();
  const start = () => setTimeout(() => later.abort(), milliseconds).unref();
  if (signal.aborted) start();
  else signal.addEventListener("abort", start, { once: true });
  return later.signal;
}
