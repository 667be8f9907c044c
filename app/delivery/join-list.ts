import type { EspProfile, Identity, Outcome } from "#app/esps/esp.ts";
import type { ListStep, Skip, Waiting } from "./plan.ts";
import type { Scene, StepOutcome } from "./round.ts";

/** What the ESP shows as where somebody agreed. */
const SOURCE = "Passalong";

type Choice = "subscribe" | "add" | { readonly because: Skip };

/**
 * Whether somebody is subscribed, added, or left alone. Subscribing takes a consent of our own records, and never brings
 * back somebody who unsubscribed here or at the ESP, left that list, bounced or complained: those are left alone, and so
 * is somebody of whom the ESP does not say.
 * @param consent what holds of what they said about e-mails
 */
export function chooseJoining(
  mode: "add" | "subscribe",
  listId: string,
  consent: string | null,
  profile: EspProfile | null,
): Choice {
  if (mode === "add") return "add";
  if (consent === "unsubscribed" || profile?.email === "unsubscribed" || profile?.listsLeft.includes(listId)) {
    return { because: "unsubscribed" };
  }
  if (profile?.email === "suppressed") return { because: "suppressed" };
  if (profile?.email === "unknown") return { because: "consent_unknown" };
  return consent === "subscribed" ? "subscribe" : "add";
}

/** Makes one person a member or subscriber of a list. */
export async function joinList(
  scene: Scene,
  { deliveries, mode, listId, identity }: ListStep,
): Promise<StepOutcome | null> {
  const { calls } = scene;
  const { addToList, subscribe } = scene.esp.operations;
  const [person] = deliveries;
  if (!person || !addToList || (mode === "subscribe" && !subscribe)) {
    return { kind: "rejected", because: "not_supported" };
  }
  const found = await calls.find(identity, deliveries);
  if (found?.kind !== "found") return found;
  scene.learn(person, { profileId: found.profile?.profileId ?? null });

  const choice = chooseJoining(mode, listId, person.consent, found.profile);
  if (typeof choice === "object") return { kind: "skipped", because: choice.because };
  const { email } = identity;
  if (choice === "subscribe" && subscribe && email) {
    if (!found.profile) {
      const made = await makeProfile(scene, person, identity, deliveries);
      if (made?.kind !== "delivered") return made;
    }
    return calls.change("subscribe", subscribe, { identity: { email }, listId, source: SOURCE }, deliveries);
  }

  const add = (profileId: string) =>
    calls.change("addToList", addToList, { identity: { ...identity, profileId }, listId }, deliveries);
  let outcome = found.profile ? await add(found.profile.profileId) : undefined;
  if (outcome === undefined || (outcome?.kind === "resend" && outcome.change === "without-profile-id")) {
    const made = await makeProfile(scene, person, identity, deliveries);
    if (made?.kind !== "delivered") return made;
    if (!made.profileId) return { kind: "retry", because: "the answer does not name the profile" };
    outcome = await add(made.profileId);
  }
  if (outcome?.kind === "resend") return { kind: "rejected", because: outcome.because };
  return outcome?.kind === "delivered" && mode === "subscribe" ? { kind: "added", because: "no_consent" } : outcome;
}

/** A list takes members by the ESP's own ids: the answer to a profile tells it at once, the one to an event does not. */
async function makeProfile(
  { esp, calls, prepare, learn, known }: Scene,
  person: Waiting,
  identity: Identity,
  deliveries: readonly Waiting[],
): Promise<Outcome | null> {
  const { profile } = esp.operations;
  if (!profile) return { kind: "rejected", because: "not_supported" };
  const prepared = await prepare(person, identity, deliveries);
  if (prepared?.kind !== "prepared") return prepared;
  const { standard, sentHash } = prepared;
  const outcome = await calls.change("profile", profile, { identity, standard, properties: {}, unset: [] }, deliveries);
  if (outcome?.kind === "delivered") {
    learn(person, { sentHash, profileId: outcome.profileId ?? known(person).profileId });
  }
  return outcome;
}
