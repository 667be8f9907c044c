import { duplicateProfile, findBy, match, upsert } from "#tests/simulator/klaviyo/profiles.ts";
import { invalid, notFound, unsimulated } from "#tests/simulator/klaviyo/refusal.ts";
import { nullable, object, oneOf, text } from "#tests/simulator/klaviyo/shape.ts";
import { IDENTIFIERS, type Profile } from "#tests/simulator/klaviyo/state.ts";
import { type Answer, type Call, page, readFilter } from "./call.ts";
import { changeOf, meta, profileAttributes, profileResource } from "./profile-shape.ts";
import { profileResourceOf } from "./resources.ts";

/** By `equals` or `any` on an identifier; without a filter all profiles, oldest first. */
export function getProfiles(call: Call): Answer {
  if (call.query.has("sort")) throw unsimulated("sorting of profiles");
  const filter = readFilter(call, ["id", "email", "phone_number", "external_id"]);
  let profiles: Iterable<Profile | undefined> = call.account.profiles.values();
  if (filter) {
    const identifier = IDENTIFIERS.find((name) => name === filter.field);
    profiles = new Set(
      filter.values.map((value) =>
        identifier ? findBy(call.account, identifier, value) : call.account.profiles.get(value),
      ),
    );
  }
  const found = [...profiles].filter((profile) => profile !== undefined);
  const { items, links } = page(call, found, { standard: 20, max: 100 });
  return { status: 200, body: { data: items.map((profile) => profileResourceOf(call, profile)), links } };
}

export function getProfile(call: Call): Answer {
  return answer(call, 200, findProfile(call));
}

const upsertQuery = object("request-data", { data: profileResource }, {});

/** Creates (201) or updates (200); 409 where the identifiers belong to two profiles (klaviyo-api-node#75). */
export function importProfile(call: Call): Answer {
  const { id, attributes, meta } = upsertQuery(call.body, "").data;
  const change = changeOf(call.account, id, attributes, meta, "/data/attributes");
  const { profile, created } = upsert(call.account, change, call.at, call.settings, "refuse");
  return answer(call, created ? 201 : 200, profile);
}

const createQuery = object(
  "request-data",
  {
    data: object("profile", { type: oneOf("profile"), attributes: profileAttributes }, {}),
  },
  {},
);

/** Creates only: 409 where anybody has one of the identifiers. */
export function createProfile(call: Call): Answer {
  const { attributes } = createQuery(call.body, "").data;
  const change = changeOf(call.account, undefined, attributes, undefined, "/data/attributes");
  const { profile: existing } = match(call.account, change);
  if (existing) throw duplicateProfile(existing);
  const { profile } = upsert(call.account, change, call.at, call.settings, "refuse");
  return answer(call, 201, profile);
}

const updateQuery = object(
  "request-data",
  {
    data: object(
      "profile",
      { type: oneOf("profile"), id: text({ min: 1 }), attributes: profileAttributes },
      { meta: nullable(meta) },
    ),
  },
  {},
);

/** The body names the profile again (K:/components/schemas/ProfilePartialUpdateQuery). */
export function updateProfile(call: Call): Answer {
  const { id, attributes, meta } = updateQuery(call.body, "").data;
  if (id !== call.id) throw invalid("The id in the body is not the id in the path.", "/data/id");
  findProfile(call);
  const change = changeOf(call.account, id, attributes, meta, "/data/attributes");
  const { profile } = upsert(call.account, change, call.at, call.settings, "refuse");
  return answer(call, 200, profile);
}

function findProfile(call: Call): Profile {
  const profile = call.account.profiles.get(call.id);
  if (!profile) throw notFound("profile", call.id, "/data/id");
  return profile;
}

function answer(call: Call, status: number, profile: Profile): Answer {
  return {
    status,
    body: { data: profileResourceOf(call, profile), links: { self: `${call.origin}/api/profiles/${profile.id}` } },
  };
}
