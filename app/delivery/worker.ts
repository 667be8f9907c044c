import { type LaneRunner, runLanes } from "#app/queue/lanes.ts";
import type { DeliveryDeps } from "./deps.ts";
import { NEXT_DELIVERY } from "./load.ts";
import { deliverTurn } from "./turn.ts";

/** Connections that this process sends to at the same time. */
const CONNECTIONS = 8;
/** What a killed worker had under way is made again after this. */
const LEASE_SECONDS = 10;
/** How long a delivery that another process wrote may lie unseen. */
const IDLE_MS = 250;

/** Starts sending what waits; `poke()` after a commit that may have written deliveries. */
export function startDelivery(deps: DeliveryDeps): LaneRunner {
  return runLanes({
    pool: deps.pool,
    kind: "delivery",
    concurrency: CONNECTIONS,
    leaseSeconds: LEASE_SECONDS,
    idleMs: IDLE_MS,
    nextReadyAt: NEXT_DELIVERY,
    removeEmpty: false,
    turn: (lane, signal) => deliverTurn(deps, lane, signal),
    onError: (error, lane) => deps.log.error({ err: error, connectionId: lane?.id }, "delivery"),
  });
}
