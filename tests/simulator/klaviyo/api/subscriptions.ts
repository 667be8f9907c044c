import { invalid } from "#tests/simulator/klaviyo/refusal.ts";
import { array, bool, nullable, object, oneOf, type Reader, text } from "#tests/simulator/klaviyo/shape.ts";
import type { Channel, ProfileChange } from "#tests/simulator/klaviyo/state.ts";
import { accept } from "#tests/simulator/klaviyo/work.ts";
import type { Answer, Call } from "./call.ts";
import { findList } from "./lists.ts";
import { email, phone, subscribing, unsubscribing } from "./profile-shape.ts";

const PROFILES = "/data/attributes/profiles/data";
const MAX_SUBSCRIBE = 1000;
const MAX_UNSUBSCRIBE = 100;

const list = object("list", { data: object("list", { type: oneOf("list"), id: text({ min: 1 }) }, {}) }, {});
const relationships = object("relationships", {}, { list });

function profiles<T>(subscriptions: Reader<T>, max: number) {
  const attributes = object("profile", { subscriptions }, { email: nullable(email), phone_number: nullable(phone) });
  const profile = object("profile", { type: oneOf("profile"), attributes }, { id: nullable(text()) });
  return object("profiles", { data: array(profile, { max }) }, {});
}

const subscribeQuery = object(
  "request-data",
  {
    data: object(
      "profile-subscription-bulk-create-job",
      {
        type: oneOf("profile-subscription-bulk-create-job"),
        attributes: object(
          "profile-subscription-bulk-create-job",
          { profiles: profiles(subscribing, MAX_SUBSCRIBE) },
          { custom_source: nullable(text()), historical_import: nullable(bool) },
        ),
      },
      { relationships },
    ),
  },
  {},
);

const unsubscribeQuery = object(
  "request-data",
  {
    data: object(
      "profile-subscription-bulk-delete-job",
      {
        type: oneOf("profile-subscription-bulk-delete-job"),
        attributes: object(
          "profile-subscription-bulk-delete-job",
          {
            profiles: profiles(unsubscribing, MAX_UNSUBSCRIBE),
          },
          {},
        ),
      },
      { relationships },
    ),
  },
  {},
);

/** Gives consent, takes suppressions away, adds to the list. */
export function subscribeProfiles(call: Call): Answer {
  const { attributes, relationships } = subscribeQuery(call.body, "").data;
  const listId = relationships?.list?.data.id ?? null;
  if (listId !== null) findList(call, listId, "/data/relationships/list/data/id");
  const historical = attributes.historical_import ?? false;
  const profiles = attributes.profiles.data.map((profile, index) => {
    const pointer = `${PROFILES}/${index}/attributes`;
    const channels = channelsOf(profile.attributes, pointer);
    for (const { channel, consentedAt } of channels) {
      checkConsentedAt(call, historical, consentedAt, `${pointer}/subscriptions/${channel}/marketing/consented_at`);
    }
    return { change: changeOf(profile), channels };
  });
  const customSource = attributes.custom_source ?? null;
  accept(call.store, call.account, call.request, { kind: "subscribe", listId, customSource, historical, profiles });
  return { status: 202 };
}

/** Profiles that are not on the given list lose every consent of the channel. */
export function unsubscribeProfiles(call: Call): Answer {
  const { attributes, relationships } = unsubscribeQuery(call.body, "").data;
  const listId = relationships?.list?.data.id ?? null;
  if (listId !== null) findList(call, listId, "/data/relationships/list/data/id");
  const profiles = attributes.profiles.data.map((profile, index) => ({
    change: changeOf(profile),
    channels: channelsOf(profile.attributes, `${PROFILES}/${index}/attributes`).map(({ channel }) => channel),
  }));
  accept(call.store, call.account, call.request, { kind: "unsubscribe", listId, profiles });
  return { status: 202 };
}

type Marketing = { consent: string; consented_at?: string | null } | null;
type Attributes = {
  email?: string | null;
  phone_number?: string | null;
  subscriptions: { email?: { marketing?: Marketing } | null; sms?: { marketing?: Marketing } | null };
};

/** A channel needs its identifier: `sms` without `phone_number` is a 400. */
function channelsOf(attributes: Attributes, pointer: string): { channel: Channel; consentedAt: string | null }[] {
  const { email, sms } = attributes.subscriptions;
  const channels: { channel: Channel; consentedAt: string | null }[] = [];
  if (email?.marketing) {
    if (!attributes.email) throw invalid("email is required for the email channel.", `${pointer}/email`);
    channels.push({ channel: "email", consentedAt: email.marketing.consented_at ?? null });
  }
  if (sms?.marketing) {
    if (!attributes.phone_number)
      throw invalid("phone_number is required for the SMS channel.", `${pointer}/phone_number`);
    channels.push({ channel: "sms", consentedAt: sms.marketing.consented_at ?? null });
  }
  if (channels.length === 0) throw invalid("At least one channel is required.", `${pointer}/subscriptions`);
  return channels;
}

/** `consented_at` belongs to historical imports, is required there, and lies in the past. */
function checkConsentedAt(call: Call, historical: boolean, consentedAt: string | null, pointer: string): void {
  if (!historical && consentedAt !== null) {
    throw invalid("consented_at may only be given with historical_import.", pointer);
  }
  if (historical && !(Date.parse(consentedAt ?? "") < call.at.getTime())) {
    throw invalid("With historical_import consented_at is required and must be in the past.", pointer);
  }
}

function changeOf(profile: { id?: string | null; attributes: Attributes }): ProfileChange {
  const { email, phone_number } = profile.attributes;
  return {
    id: profile.id,
    identifiers: { ...(email && { email }), ...(phone_number && { phone_number }) },
    standard: {},
  };
}
