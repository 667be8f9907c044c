import { ulid, uuid } from "#tests/simulator/klaviyo/ids.ts";
import type { JsonObject } from "#tests/simulator/klaviyo/json.ts";
import { invalid, notFound, Refusal } from "#tests/simulator/klaviyo/refusal.ts";
import { array, json, nullable, object, oneOf, text } from "#tests/simulator/klaviyo/shape.ts";
import type { ImportJob, ProfileChange } from "#tests/simulator/klaviyo/state.ts";
import { accept } from "#tests/simulator/klaviyo/work.ts";
import { type Answer, type Call, page } from "./call.ts";
import { findList } from "./lists.ts";
import { changeOf, email, phone, profileResource } from "./profile-shape.ts";
import { jobResource } from "./resources.ts";

const MAX_PROFILES = 10_000;
const MAX_PROFILE_BYTES = 100 * 1024;

const importQuery = object(
  "request-data",
  {
    data: object(
      "profile-bulk-import-job",
      {
        type: oneOf("profile-bulk-import-job"),
        attributes: object(
          "profile-bulk-import-job",
          {
            profiles: object("profiles", { data: array(json, { max: MAX_PROFILES }) }, {}),
          },
          {},
        ),
      },
      {
        relationships: object(
          "relationships",
          {},
          {
            lists: object(
              "lists",
              { data: array(object("list", { type: oneOf("list"), id: text({ min: 1 }) }, {})) },
              {},
            ),
          },
        ),
      },
    ),
  },
  {},
);

/** Up to 10,000 profiles; a bad one fails alone and is found under `/import-errors`. */
export function importProfiles(call: Call): Answer {
  const { attributes, relationships } = importQuery(call.body, "").data;
  const lists = (relationships?.lists?.data ?? []).map(({ id }, index) => {
    return findList(call, id, `/data/relationships/lists/data/${index}/id`).id;
  });
  const job: ImportJob = {
    id: ulid(call.at),
    status: "queued",
    created: call.at.toISOString(),
    completed: null,
    total: attributes.profiles.data.length,
    lists,
    errors: [],
  };
  const profiles: { change: ProfileChange; original: JsonObject; pointer: string }[] = [];
  attributes.profiles.data.forEach((original, index) => {
    const pointer = `/data/attributes/profiles/data/${index}`;
    try {
      profiles.push({ change: readProfile(call, original, pointer), original, pointer });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      for (const { detail, source } of error.problems) {
        const at = source && "pointer" in source ? source.pointer : pointer;
        job.errors.push({ id: uuid(), detail, pointer: at, original });
      }
    }
  });
  call.account.jobs.set(job.id, job);
  accept(call.store, call.account, call.request, { kind: "import", jobId: job.id, profiles });
  return { status: 202, body: { data: jobResource(call, job) } };
}

function readProfile(call: Call, original: JsonObject, pointer: string): ProfileChange {
  if (Buffer.byteLength(JSON.stringify(original)) > MAX_PROFILE_BYTES) {
    throw invalid("A profile must not exceed 100 KB.", pointer);
  }
  const { id, attributes, meta } = profileResource(original, pointer);
  return changeOf(call.account, id, attributes, meta, `${pointer}/attributes`);
}

export function getImportJob(call: Call): Answer {
  return { status: 200, body: { data: jobResource(call, findJob(call)) } };
}

export function getImportErrors(call: Call): Answer {
  const { items, links } = page(call, findJob(call).errors, { standard: 20, max: 100 });
  const data = items.map(({ id, detail, pointer, original }) => ({
    type: "import-error",
    id,
    attributes: {
      code: "invalid",
      title: "Invalid input.",
      detail,
      source: { pointer },
      original_payload: original,
    },
  }));
  return { status: 200, body: { data, links } };
}

function findJob(call: Call): ImportJob {
  const job = call.account.jobs.get(call.id);
  if (!job) throw notFound("profile-bulk-import-job", call.id);
  return job;
}

const deletionQuery = object(
  "request-data",
  {
    data: object(
      "data-privacy-deletion-job",
      {
        type: oneOf("data-privacy-deletion-job"),
        attributes: object(
          "data-privacy-deletion-job",
          {
            profile: object(
              "profile",
              {
                data: object(
                  "profile",
                  {
                    type: oneOf("profile"),
                    attributes: object("profile", {}, { email: nullable(email), phone_number: nullable(phone) }),
                  },
                  { id: nullable(text()) },
                ),
              },
              {},
            ),
          },
          {},
        ),
      },
      {},
    ),
  },
  {},
);

/** Exactly one of id, e-mail and phone; 202 whether or not anybody has it. */
export function requestDeletion(call: Call): Answer {
  const { id, attributes } = deletionQuery(call.body, "").data.attributes.profile.data;
  const { email, phone_number } = attributes;
  if ([id, email, phone_number].filter(Boolean).length !== 1) {
    throw invalid("Exactly one of id, email and phone_number is required.", "/data/attributes/profile/data");
  }
  const change: ProfileChange = { id, identifiers: { email, phone_number }, standard: {} };
  accept(call.store, call.account, call.request, { kind: "erase", change });
  return { status: 202 };
}
