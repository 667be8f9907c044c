/** Finding, changing and removing profiles, as Klaviyo does it. */
import { ulid } from "./ids.ts";
import type { Json } from "./json.ts";
import type { Settings } from "./modes.ts";
import { notFound, Refusal } from "./refusal.ts";
import {
  type Account,
  type ChannelConsent,
  IDENTIFIERS,
  type Identifier,
  type Profile,
  type ProfileChange,
} from "./state.ts";

/** How an identifier is looked up; e-mail addresses are compared without case. */
export function identifierKey(name: string, value: string): string {
  return `${name}:${name === "email" ? value.trim().toLowerCase() : value}`;
}

/** The profile that an identifier belongs to. */
export function findBy(account: Account, name: Identifier, value: string): Profile | undefined {
  const id = account.identifiers.get(identifierKey(name, value));
  return id === undefined ? undefined : account.profiles.get(id);
}

/**
 * Matches by id, then e-mail, phone, external id.
 * @returns the match, and another profile that one of the other identifiers belongs to
 */
export function match(account: Account, change: ProfileChange): { profile?: Profile; other?: Profile } {
  let profile = change.id ? account.profiles.get(change.id) : undefined;
  for (const name of IDENTIFIERS) {
    const value = change.identifiers[name];
    const found = value ? findBy(account, name, value) : undefined;
    if (found && profile && found !== profile) return { profile, other: found };
    profile ??= found;
  }
  return { profile };
}

/** 409 as klaviyo-api-node#75 shows it. */
export function duplicateProfile(existing: Profile, pointer = "/data/attributes"): Refusal {
  return new Refusal([
    {
      status: 409,
      code: "duplicate_profile",
      title: "Conflict.",
      detail: "A profile already exists with one of these identifiers.",
      source: { pointer },
      meta: { duplicate_profile_id: existing.id },
    },
  ]);
}

/**
 * Creates or updates the profile that the change is about.
 * @param onConflict what to do when the identifiers belong to two profiles: `refuse` with 409 (profile-import), or `leave`
 *   the other profile its identifier and go on (events are taken with 202; what Klaviyo then does is UNVERIFIED).
 * @throws Refusal 404 for an unknown id, 409 for two profiles
 */
export function upsert(
  account: Account,
  change: ProfileChange,
  at: Date,
  settings: Settings,
  onConflict: "refuse" | "leave",
): { profile: Profile; created: boolean } {
  if (change.id && !account.profiles.has(change.id)) throw notFound("profile", change.id, "/data/id");
  const { profile: found, other } = match(account, change);
  if (other && onConflict === "refuse") throw duplicateProfile(other);
  const profile = found ?? create(account, at);
  for (const name of IDENTIFIERS) identify(account, profile, name, change.identifiers[name]);
  apply(profile, change, settings);
  profile.updated = at.toISOString();
  return { profile, created: !found };
}

/** Removes a profile, its events and its memberships. */
export function erase(account: Account, profile: Profile): void {
  for (const name of IDENTIFIERS) identify(account, profile, name, null);
  for (const list of account.lists.values()) list.members.delete(profile.id);
  for (const event of profile.events) {
    const metric = account.metrics.get(event.metric);
    if (metric) metric.count -= 1;
  }
  account.latest = account.latest.filter((entry) => entry.profileId !== profile.id);
  account.profiles.delete(profile.id);
}

function create(account: Account, at: Date): Profile {
  const created = at.toISOString();
  const unasked: ChannelConsent = {
    consent: "NEVER_SUBSCRIBED",
    timestamp: null,
    customSource: null,
    doubleOptIn: false,
  };
  const profile: Profile = {
    id: ulid(at),
    identifiers: { email: null, phone_number: null, external_id: null, anonymous_id: null },
    standard: { first_name: null, last_name: null, organization: null, locale: null, title: null, image: null },
    location: {},
    properties: {},
    subscriptions: { email: { ...unasked, suppressions: [], listSuppressions: [] }, sms: { ...unasked } },
    created,
    updated: created,
    lastEventDate: null,
    events: [],
    eventKeys: new Map(),
    lastSubscribeJob: null,
    awaitingConfirmation: [],
  };
  account.profiles.set(profile.id, profile);
  return profile;
}

/** Sets (or with null clears) an identifier, unless another profile has it. */
function identify(account: Account, profile: Profile, name: Identifier, value: string | null | undefined): void {
  if (value === undefined) return;
  if (value !== null && (findBy(account, name, value) ?? profile) !== profile) return;
  const old = profile.identifiers[name];
  if (old !== null) account.identifiers.delete(identifierKey(name, old));
  profile.identifiers[name] = value;
  if (value !== null) account.identifiers.set(identifierKey(name, value), profile.id);
}

/** `null` clears a field, an absent field is unchanged (K:/paths/~1api~1profile-import/post/description). */
function apply(profile: Profile, change: ProfileChange, settings: Settings): void {
  Object.assign(profile.standard, change.standard);
  if (change.location === null) profile.location = {};
  else if (change.location) Object.assign(profile.location, change.location);

  if (change.properties === null) profile.properties = {};
  for (const [name, value] of Object.entries(change.properties ?? {})) {
    if (value === null && settings.nullProperty === "remove") delete profile.properties[name];
    else profile.properties[name] = value;
  }
  for (const [name, value] of Object.entries(change.patch?.append ?? {})) {
    profile.properties[name] = [...asList(profile.properties[name]), ...asList(value)];
  }
  for (const [name, value] of Object.entries(change.patch?.unappend ?? {})) {
    const unwanted = asList(value);
    profile.properties[name] = asList(profile.properties[name]).filter((entry) => !unwanted.includes(entry));
  }
  for (const name of change.patch?.unset ?? []) delete profile.properties[name];
}

function asList(value: Json | undefined): Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** A profile's name for people, else whatever identifies it. */
export function nameOf(profile: Profile): string {
  const name = [profile.standard.first_name, profile.standard.last_name].filter(Boolean).join(" ");
  const { email, phone_number, external_id } = profile.identifiers;
  return name || email || phone_number || external_id || profile.id;
}
