/** Accounts, lists, profiles, metrics and jobs as JSON:API resources. */
import type { Json, JsonObject } from "#tests/simulator/klaviyo/json.ts";
import {
  type Account,
  type ImportJob,
  type List,
  LOCATION_FIELDS,
  type Metric,
  type Profile,
} from "#tests/simulator/klaviyo/state.ts";
import { type Call, sparse } from "./call.ts";

export function accountResource(call: Call, account: Account): JsonObject {
  const attributes: JsonObject = {
    test_account: account.testAccount,
    contact_information: {
      default_sender_name: account.organizationName,
      default_sender_email: `hello@${account.publicKey.toLowerCase()}.test`,
      website_url: null,
      organization_name: account.organizationName,
      street_address: { address1: null, address2: null, city: null, region: null, country: null, zip: null },
    },
    industry: null,
    timezone: account.timezone,
    preferred_currency: account.currency,
    public_api_key: account.publicKey,
    locale: account.locale,
  };
  return resource(call, "account", account.id, "accounts", sparse(attributes, call, "account"));
}

export function listResource(call: Call, list: List): JsonObject {
  const { name, created, updated, optInProcess } = list;
  const attributes = { name, created: stamp(created), updated: stamp(updated), opt_in_process: optInProcess };
  return {
    ...resource(call, "list", list.id, "lists", sparse(attributes, call, "list")),
    relationships: {
      profiles: related(call, `lists/${list.id}`, "profiles"),
      tags: related(call, `lists/${list.id}`, "tags"),
      "flow-triggers": related(call, `lists/${list.id}`, "flow-triggers"),
    },
  };
}

export function profileResourceOf(call: Call, profile: Profile): JsonObject {
  const { email, phone_number, external_id, anonymous_id } = profile.identifiers;
  const attributes: JsonObject = {
    email,
    phone_number,
    external_id,
    anonymous_id,
    ...profile.standard,
    created: stamp(profile.created),
    updated: stamp(profile.updated),
    last_event_date: profile.lastEventDate,
    location: Object.fromEntries(LOCATION_FIELDS.map((name) => [name, profile.location[name] ?? null])),
    properties: profile.properties,
  };
  if (call.query.get("additional-fields[profile]")?.split(",").includes("subscriptions")) {
    attributes.subscriptions = subscriptionsOf(profile);
  }
  return {
    ...resource(call, "profile", profile.id, "profiles", sparse(attributes, call, "profile")),
    relationships: {
      lists: related(call, `profiles/${profile.id}`, "lists"),
      segments: related(call, `profiles/${profile.id}`, "segments"),
    },
  };
}

function subscriptionsOf(profile: Profile): Json {
  const { email, sms } = profile.subscriptions;
  return {
    email: {
      marketing: {
        can_receive_email_marketing: email.suppressions.length === 0,
        consent: email.consent,
        consent_timestamp: email.timestamp,
        last_updated: email.timestamp,
        method: email.timestamp === null ? null : "API",
        method_detail: "",
        custom_method_detail: email.customSource,
        double_optin: email.doubleOptIn,
        suppression: email.suppressions,
        list_suppressions: email.listSuppressions.map(({ listId, reason, timestamp }) => ({
          list_id: listId,
          reason,
          timestamp,
        })),
      },
    },
    sms: {
      marketing: {
        can_receive_sms_marketing: sms.consent === "SUBSCRIBED",
        consent: sms.consent,
        consent_timestamp: sms.timestamp,
        last_updated: sms.timestamp,
        method: sms.timestamp === null ? null : "API",
        method_detail: "",
      },
    },
  };
}

export function metricResource(call: Call, metric: Metric): JsonObject {
  const attributes: JsonObject = {
    name: metric.name,
    created: stamp(metric.created),
    updated: stamp(metric.updated),
    // With a private key the service is always "api".
    integration: { object: "integration", id: "0rG4eQ", name: "API", category: "API" },
  };
  return resource(call, "metric", metric.id, "metrics", attributes);
}

export function jobResource(call: Call, job: ImportJob): JsonObject {
  const attributes: JsonObject = {
    status: job.status,
    created_at: stamp(job.created),
    total_count: job.total,
    completed_count: job.status === "complete" ? job.total - job.errors.length : 0,
    failed_count: job.errors.length,
    started_at: stamp(job.created),
    completed_at: job.completed === null ? null : stamp(job.completed),
    expires_at: null,
  };
  return {
    ...resource(
      call,
      "profile-bulk-import-job",
      job.id,
      "profile-bulk-import-jobs",
      sparse(attributes, call, "profile-bulk-import-job"),
    ),
    relationships: { lists: { data: job.lists.map((id) => ({ type: "list", id })) } },
  };
}

function resource(call: Call, type: string, id: string, path: string, attributes: JsonObject): JsonObject {
  return { type, id, attributes, links: { self: `${call.origin}/api/${path}/${id}` } };
}

function related(call: Call, path: string, name: string): JsonObject {
  const at = `${call.origin}/api/${path}`;
  return { links: { self: `${at}/relationships/${name}`, related: `${at}/${name}` } };
}

/** Klaviyo writes `+00:00` where JavaScript writes `.000Z`. */
function stamp(iso: string): string {
  return `${iso.slice(0, 19)}+00:00`;
}
