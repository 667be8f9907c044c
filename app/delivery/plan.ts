import { z } from "zod";
import { events, isEventKey } from "#app/catalog/catalog.ts";
import type { Esp, EventItem, Identity, ProfileItem, Values } from "#app/esps/esp.ts";
import type { StandardFacts } from "./fields.ts";
import { audienceOf, type ConnectionSettings, propertyNames } from "./settings.ts";

/** A delivery that waits, with what it tells, whom it is about and what the ESP has of them. */
export type Waiting = StandardFacts & {
  readonly id: string;
  readonly personId: string;
  readonly attempts: number;
  readonly eventId: string;
  readonly entry: string;
  readonly occurredAt: Date;
  readonly payload: unknown;
  readonly properties: unknown;
  readonly email: string | null;
  /** What holds of what they said about e-mails: subscribed · unsubscribed. */
  readonly consent: string | null;
  /** The ESP's own id of them. */
  readonly profileId: string | null;
  /** Of the standard fields that were last decided about (fields.ts). */
  readonly sentHash: string | null;
};

/** Why nothing is sent though nothing is wrong: a deselected event or property, a list that is off, an opt-out, or that we cannot tell. */
export type Skip = "not_selected" | "list_off" | "unsubscribed" | "suppressed" | "consent_unknown";

/** What to do for one delivery, or for several that one call does at once; or why there is nothing. */
export type Step =
  | ProfileStep
  | ListStep
  | (Carried & { readonly operation: "event"; readonly item: EventItem })
  | (Carried & { readonly operation: "skip"; readonly because: Skip })
  | (Carried & { readonly operation: null; readonly because: "no_identifier" | "not_supported" | "not_readable" });

export type ListStep = Carried & {
  readonly operation: "list";
  readonly identity: Identity;
  readonly mode: "add" | "subscribe";
  readonly listId: string;
};

type Carried = { readonly deliveries: readonly Waiting[] };
type ProfileStep = Carried & { readonly operation: "profile"; readonly item: ProfileItem };

/** Deliveries of each person, in their order. */
export function byPerson(waiting: readonly Waiting[]): Waiting[][] {
  const people = new Map<string, Waiting[]>();
  for (const delivery of waiting) {
    const earlier = people.get(delivery.personId);
    if (earlier) earlier.push(delivery);
    else people.set(delivery.personId, [delivery]);
  }
  return [...people.values()];
}

/**
 * What to call for one person's waiting deliveries, in their order. Property sets that follow each other are one call with
 * the newest values; an event carries the newest, too (load.ts), so that they are never later than it.
 */
export function planSteps(esp: Esp, settings: ConnectionSettings, waiting: readonly Waiting[]): Step[] {
  const steps: Step[] = [];
  for (const delivery of waiting) {
    const step = stepOf(esp, settings, delivery);
    const last = steps.at(-1);
    if (last?.operation === "profile" && step.operation === "profile") {
      steps.splice(-1, 1, { ...step, deliveries: [...last.deliveries, delivery] });
    } else steps.push(step);
  }
  return steps;
}

function stepOf(esp: Esp, settings: ConnectionSettings, delivery: Waiting): Step {
  const { entry, email, phone } = delivery;
  const deliveries = [delivery];
  const identity = identityOf(email, phone);
  if (!identity) return { deliveries, operation: null, because: "no_identifier" };
  const audience = audienceOf(entry);
  if (audience) {
    const { mode, listId } = settings.lists[audience];
    if (mode === "none") return { deliveries, operation: "skip", because: "list_off" };
    return { deliveries, operation: "list", identity, mode, listId };
  }
  const stored = z.object({ payload: values, properties: values }).safeParse({
    payload: delivery.payload ?? {},
    properties: delivery.properties ?? {},
  });
  if (!stored.success) return { deliveries, operation: null, because: "not_readable" };
  const { payload, properties } = stored.data;
  const profile = selectProperties(settings, properties);
  if (!isEventKey(entry)) return profileStep(esp, settings, delivery, identity, profile);
  if (!settings.withheld.events.includes(entry)) return eventStep(esp, settings, delivery, identity, payload, profile);
  // The properties of an event that is not sent are.
  if (delivery.properties) return profileStep(esp, settings, delivery, identity, profile);
  return { deliveries, operation: "skip", because: "not_selected" };
}

function eventStep(
  esp: Esp,
  settings: ConnectionSettings,
  delivery: Waiting,
  identity: Identity,
  payload: Values,
  profile: Values,
): Step {
  const { eventId: id, entry, occurredAt: at } = delivery;
  const deliveries = [delivery];
  const { brandWord } = settings;
  if (!esp.operations.event || !isEventKey(entry)) return { deliveries, operation: null, because: "not_supported" };
  const name = withBrand(events[entry].name, brandWord);
  const properties = brandNames(payload, brandWord);
  const branded = brandNames(profile, brandWord);
  const unset = delivery.properties ? lackedBy(settings, profile) : [];
  const item = { id, name, at, identity, standard: {}, properties, profile: branded, unset, value: worthOf(payload) };
  return { deliveries, operation: "event", item };
}

function profileStep(
  esp: Esp,
  settings: ConnectionSettings,
  delivery: Waiting,
  identity: Identity,
  properties: Values,
): Step {
  const deliveries = [delivery];
  if (selectedNames(settings).length === 0) return { deliveries, operation: "skip", because: "not_selected" };
  if (!esp.operations.profile) return { deliveries, operation: null, because: "not_supported" };
  const unset = lackedBy(settings, properties);
  const item = { identity, standard: {}, properties: brandNames(properties, settings.brandWord), unset };
  return { deliveries, operation: "profile", item };
}

/** A set is whole: a property of its schema that it lacks is to be removed. */
function lackedBy(settings: ConnectionSettings, properties: Values): string[] {
  const lacked = selectedNames(settings).filter((name) => !Object.hasOwn(properties, name));
  return lacked.map((name) => withBrand(name, settings.brandWord));
}

const values: z.ZodType<Values> = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/**
 * One identifier, the address before the phone: two that belong to two profiles are refused by Klaviyo, and a phone that it
 * does not like refuses the whole call.
 */
function identityOf(email: string | null, phone: string | null): Identity | null {
  if (email) return { email };
  return phone ? { phone } : null;
}

function selectedNames({ withheld }: ConnectionSettings): string[] {
  return propertyNames.filter((name) => !withheld.properties.includes(name));
}

function selectProperties({ withheld }: ConnectionSettings, properties: Values): Values {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !withheld.properties.includes(name)));
}

function brandNames(named: Values, brandWord: string): Values {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [withBrand(name, brandWord), value]));
}

function withBrand(name: string, brandWord: string): string {
  return name.replaceAll("Passalong", brandWord);
}

/** What the moment is worth to the shop, for ESPs that sum it up: the order's total. */
function worthOf(payload: Values): EventItem["value"] {
  const { "Order Total Price": amount, "Order Currency": currency } = payload;
  return typeof amount === "number" && typeof currency === "string" ? { amount, currency } : undefined;
}
