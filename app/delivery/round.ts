import type { Esp, Identity, Operation, Outcome, Standard } from "#app/esps/esp.ts";
import type { Calls } from "./calls.ts";
import { allowFields, hashFields, selectFields } from "./fields.ts";
import { joinList } from "./join-list.ts";
import type { Skip, Step, Waiting } from "./plan.ts";
import type { ConnectionSettings } from "./settings.ts";

/** What became of a step: what the ESP answered, or what the settings and the consent leave of it. */
export type StepOutcome =
  | Outcome
  | { readonly kind: "skipped"; readonly because: Skip }
  /** Made a member of the list that they were to be subscribed to. */
  | { readonly kind: "added"; readonly because: "no_consent" };

/** What we know of a person at the ESP. */
export type Known = {
  readonly profileId: string | null;
  /** Of the standard fields that were last looked at (fields.ts). */
  readonly sentHash: string | null;
};

/** A person whose standard fields may be written now, and what to remember once they are. */
export type Prepared = { readonly kind: "prepared"; readonly standard: Standard; readonly sentHash: string | null };

export type Round = {
  /** Makes the calls of a step. Null: the pace has none left. */
  perform(step: Step): Promise<StepOutcome | null>;
  /** By person: what was learnt of them. */
  readonly learnt: ReadonlyMap<string, Known>;
};

/** What the steps of a turn need of each other. */
export type Scene = {
  readonly esp: Esp;
  readonly calls: Calls;
  readonly settings: ConnectionSettings;
  known(person: Waiting): Known;
  learn(person: Waiting, news: Partial<Known>): void;
  /** Decides about the standard fields, which may take a call. */
  prepare(person: Waiting, identity: Identity, deliveries: readonly Waiting[]): Promise<Prepared | Outcome | null>;
};

export function startRound(esp: Esp, calls: Calls, settings: ConnectionSettings): Round {
  const learnt = new Map<string, Known>();
  const known = (person: Waiting) =>
    learnt.get(person.personId) ?? { profileId: person.profileId, sentHash: person.sentHash };

  /** Read before write: only where there is something to write that was not decided about before. */
  async function prepare(person: Waiting, identity: Identity, deliveries: readonly Waiting[]) {
    const selected = selectFields(settings.profiles, identity, person);
    const sentHash = hashFields(settings.profiles, identity, selected);
    const nothing: Prepared = { kind: "prepared", standard: {}, sentHash };
    if (Object.keys(selected).length === 0 || sentHash === known(person).sentHash) return nothing;
    if (settings.profiles.policy === "chosen") return { ...nothing, standard: selected };
    const found = await calls.find(identity, deliveries);
    if (found?.kind !== "found") return found;
    scene.learn(person, { profileId: found.profile?.profileId ?? null });
    return { ...nothing, standard: allowFields(settings.profiles, selected, found.profile) };
  }

  const scene: Scene = {
    esp,
    calls,
    settings,
    known,
    prepare,
    learn: (person, news) => learnt.set(person.personId, { ...known(person), ...news }),
  };

  async function tell<Item extends { identity: Identity; standard: Standard }>(
    name: string,
    operation: Operation<Item> | undefined,
    item: Item,
    deliveries: readonly Waiting[],
  ): Promise<StepOutcome | null> {
    const [person] = deliveries;
    if (!operation || !person) return { kind: "rejected", because: "not_supported" };
    const prepared = await prepare(person, item.identity, deliveries);
    if (prepared?.kind !== "prepared") return prepared;
    const outcome = await calls.change(name, operation, { ...item, standard: prepared.standard }, deliveries);
    if (outcome?.kind === "delivered") {
      const { profileId = known(person).profileId } = outcome;
      scene.learn(person, { profileId, sentHash: prepared.sentHash });
    }
    return outcome;
  }

  return {
    learnt,
    async perform(step) {
      const { deliveries } = step;
      switch (step.operation) {
        case "event":
          return tell("event", esp.operations.event, step.item, deliveries);
        case "profile":
          return tell("profile", esp.operations.profile, step.item, deliveries);
        case "list":
          return joinList(scene, step);
        case "skip":
          return { kind: "skipped", because: step.because };
        default:
          return { kind: "rejected", because: step.because };
      }
    },
  };
}
