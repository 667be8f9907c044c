import type {
  Esp,
  EspAnswer,
  EspRequest,
  Found,
  Identity,
  Limits,
  Operation,
  Outcome,
  Standard,
} from "#app/esps/esp.ts";
import { newId } from "#app/lib/ids.ts";
import type { DeliveryDeps } from "./deps.ts";
import type { OpenConnection } from "./load.ts";
import type { Budget } from "./pace.ts";
import type { Waiting } from "./plan.ts";
import { type Call, send } from "./send.ts";

/** A call that was made, and what its answer means for the deliveries that it carried. */
export type Made = {
  readonly id: string;
  /** Business time. */
  readonly at: Date;
  readonly call: Call;
  readonly outcome: Outcome | Found;
  readonly deliveries: readonly Waiting[];
};

type Rejected = Extract<Outcome, { kind: "rejected" }>;
type Sendable = { readonly identity: Identity; readonly standard?: Standard };

/** The calls of one turn on one connection. Null: the pace has none left. */
export type Calls = {
  /** Reads what the ESP knows of somebody. */
  find(identity: Identity, deliveries: readonly Waiting[]): Promise<Found | Outcome | null>;
  /** Changes something at the ESP; once more if the answer asks for a change of identity. */
  change<Item extends Sendable>(
    name: string,
    operation: Operation<Item>,
    item: Item,
    deliveries: readonly Waiting[],
  ): Promise<Outcome | null>;
  readonly made: readonly Made[];
};

/** @param heed told of every outcome before the next call of its person */
export function startCalls(
  deps: DeliveryDeps,
  esp: Esp,
  connection: OpenConnection,
  budget: Budget,
  giveUp: AbortSignal,
  heed: (operation: string, outcome: Outcome | Found, personId: string) => Promise<void>,
): Calls {
  const made: Made[] = [];
  const headers = esp.headers(connection.credentials);
  const baseUrl = deps.baseUrls[connection.esp];

  async function callOnce<Result extends Outcome | Found>(
    name: string,
    { method, path, body }: EspRequest,
    limits: Limits,
    read: (answer: EspAnswer) => Result | undefined,
    deliveries: readonly Waiting[],
  ): Promise<Result | Outcome | null> {
    const text = body === undefined ? null : JSON.stringify(body);
    if (text !== null && Buffer.byteLength(text) > limits.bytes) return rejected("too_large");
    if (!budget.take(name, limits)) return null;
    const at = deps.now();
    const call = await send({ method, url: baseUrl + path, headers, body: text }, giveUp);
    const outcome = readAnswer(call, read);
    made.push({ id: newId("cal", at), at, call, outcome, deliveries });
    await heed(name, outcome, deliveries[0]?.personId ?? "");
    return outcome;
  }

  function changeOnce<Item>(name: string, operation: Operation<Item>, item: Item, deliveries: readonly Waiting[]) {
    const read = (answer: EspAnswer) => operation.read(answer, [item])[0];
    return callOnce(name, operation.request([item]), operation.limits, read, deliveries);
  }

  return {
    made,
    async find(identity, deliveries) {
      const { find } = esp;
      if (!find) return rejected("not_supported");
      const found = await callOnce("find", find.request(identity), find.limits, find.read, deliveries);
      return found?.kind === "resend" ? rejected(found.because) : found;
    },
    async change(name, operation, item, deliveries) {
      const first = await changeOnce(name, operation, item, deliveries);
      if (first?.kind !== "resend" || first.change === "without-profile-id") return first;
      const changed = changeIdentity(item, first.change);
      if (!changed) return rejected(first.because);
      const second = await changeOnce(name, operation, changed, deliveries);
      return second?.kind === "resend" ? rejected(second.because) : second;
    },
  };
}

function readAnswer<Result>({ answer }: Call, read: (answer: EspAnswer) => Result | undefined): Result | Outcome {
  if (answer.status === null) return { kind: "retry", because: answer.because };
  return read(answer) ?? { kind: "retry", because: "the answer does not say what became of it" };
}

/** @returns null where the change leaves nobody, or changes nothing */
function changeIdentity<Item extends Sendable>(item: Item, to: "without-phone" | { profileId: string }): Item | null {
  const { identity, standard } = item;
  if (to !== "without-phone") {
    return identity.profileId === to.profileId ? null : { ...item, identity: { ...identity, ...to } };
  }
  const { phone: asField, ...otherFields } = standard ?? {};
  if (asField) return { ...item, standard: otherFields };
  const { phone, ...others } = identity;
  return phone && (others.email || others.profileId) ? { ...item, identity: others } : null;
}

/** A single item cannot be split, so neither is there anybody to ask twice. */
function rejected(because: string): Rejected {
  return { kind: "rejected", because };
}
