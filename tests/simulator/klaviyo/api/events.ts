import { match } from "#tests/simulator/klaviyo/profiles.ts";
import { invalid, refusal } from "#tests/simulator/klaviyo/refusal.ts";
import type { EventInput, ProfileChange } from "#tests/simulator/klaviyo/state.ts";
import { accept } from "#tests/simulator/klaviyo/work.ts";
import type { Answer, Call } from "./call.ts";
import { type EventAttributes, type EventProfile, lenient, MAX_BULK_EVENTS, strict } from "./event-shape.ts";
import { changeOf } from "./profile-shape.ts";

/** Of the profile object in an event. */
const MAX_PROFILE_BYTES = 95 * 1024;
/** `backfill` exists from this revision on. */
const BACKFILL_SINCE = "2026-07-15";

/** 202 with an empty body: validated and queued, not yet done. */
export function createEvent(call: Call): Answer {
  const queries = call.settings.invalidEventPhone === "ignore" ? lenient : strict;
  const { profile, ...event } = queries.single(call.body, "").data.attributes;
  const pointer = "/data/attributes";
  const change = profileChange(call, profile, `${pointer}/profile/data/attributes`);
  const input = eventInput(call, event, pointer, false);
  if (isDropped(call, change))
    return { status: 202, note: "Dropped: events of test domains are accepted and forgotten." };
  accept(call.store, call.account, call.request, { kind: "events", profile: change, events: [input] });
  return { status: 202 };
}

/** All or nothing: one bad event refuses the whole batch, with a pointer for each bad one. */
export function createEvents(call: Call): Answer {
  const queries = call.settings.invalidEventPhone === "ignore" ? lenient : strict;
  const entries = queries.bulk(call.body, "").data.attributes["events-bulk-create"].data;
  const seen = new Set<string>();
  let total = 0;
  const batch = entries.map(({ attributes }, index) => {
    const at = `/data/attributes/events-bulk-create/data/${index}/attributes`;
    const change = profileChange(call, attributes.profile, `${at}/profile/data/attributes`);
    const events = attributes.events.data.map((event, place) => {
      const pointer = `${at}/events/data/${place}/attributes`;
      const input = eventInput(call, event.attributes, pointer, attributes.backfill === true);
      refuseRepeat(call, change, input, seen, pointer);
      return input;
    });
    total += events.length;
    return { change, events };
  });
  if (total > MAX_BULK_EVENTS) {
    throw invalid(`The number of events must not exceed ${MAX_BULK_EVENTS}.`, "/data/attributes/events-bulk-create");
  }
  for (const { change, events } of batch) {
    if (isDropped(call, change)) continue;
    accept(call.store, call.account, call.request, { kind: "events", profile: change, events });
  }
  return { status: 202 };
}

function profileChange(call: Call, profile: EventProfile, pointer: string): ProfileChange {
  const { id, attributes } = profile.data;
  if (Buffer.byteLength(JSON.stringify(attributes)) > MAX_PROFILE_BYTES) {
    throw refusal(413, "payload_too_large", "Payload too large.", "The profile in an event must not exceed 95 KB.");
  }
  return changeOf(call.account, id, attributes, attributes.meta, pointer);
}

/** Time must lie after 1990 and at most a year ahead; `backfill` needs its revision. */
function eventInput(call: Call, event: EventAttributes, pointer: string, backfill: boolean): EventInput {
  if (event.backfill !== undefined && call.revision < BACKFILL_SINCE) {
    throw invalid("'backfill' is not a valid field for the resource 'event'.", `${pointer}/backfill`);
  }
  if (event.time) {
    const at = Date.parse(event.time);
    const latest = new Date(call.at).setUTCFullYear(call.at.getUTCFullYear() + 1);
    if (at < Date.UTC(1991, 0, 1) || at > latest) {
      throw invalid("The time must be after 1990 and at most one year in the future.", `${pointer}/time`);
    }
  }
  return {
    metric: event.metric.data.attributes.name,
    uniqueId: event.unique_id ?? null,
    time: event.time ?? null,
    value: event.value ?? null,
    valueCurrency: event.value_currency ?? null,
    properties: event.properties,
    backfill: event.backfill ?? backfill,
  };
}

/** UNVERIFIED which repeats a bulk request may hold, see `bulkRepeats`. */
function refuseRepeat(call: Call, change: ProfileChange, input: EventInput, seen: Set<string>, pointer: string): void {
  if (input.uniqueId === null || call.settings.bulkRepeats === "drop") return;
  const { profile } = match(call.account, change);
  const key = `${input.metric}\n${input.uniqueId}`;
  const person = profile?.id ?? JSON.stringify(change.identifiers);
  const recorded = call.settings.bulkRepeats === "refuse" && profile?.eventKeys.has(key);
  if (recorded || seen.has(`${person}\n${key}`)) {
    throw invalid("The unique_id is repeated for this profile and metric.", `${pointer}/unique_id`);
  }
  seen.add(`${person}\n${key}`);
}

function isDropped(call: Call, change: ProfileChange): boolean {
  const dropped = call.settings.dropTestDomains && /@(example|test)\.com$/i.test(change.identifiers.email ?? "");
  if (dropped) call.store.journal.of(call.account.id).eventsDropped += 1;
  return dropped;
}
