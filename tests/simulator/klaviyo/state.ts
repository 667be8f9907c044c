/** What the simulated Klaviyo remembers. Times are ISO 8601 in the simulator's own clock. */
import type { Scope } from "./endpoints.ts";
import type { JsonObject } from "./json.ts";

export type Account = {
  id: string;
  organizationName: string;
  /** Klaviyo's site id, six characters, shown as "Public API key". */
  publicKey: string;
  currency: string;
  timezone: string;
  locale: string;
  testAccount: boolean;
  /** A phone as the only identifier needs SMS set up in the account. */
  sms: boolean;
  created: string;
  keys: ApiKey[];
  lists: Map<string, List>;
  /** By metric name: with a private key the integration is always "API", so the name is unique. */
  metrics: Map<string, Metric>;
  profiles: Map<string, Profile>;
  /** Identifier (`email:a@b.co`, `phone_number:+1…`) → profile id. */
  identifiers: Map<string, string>;
  jobs: Map<string, ImportJob>;
  /** The newest events of all profiles, newest last, for the inbox. */
  latest: { profileId: string; event: ProfileEvent }[];
};

export type ApiKey = { key: string; scopes: readonly Scope[]; revoked: boolean };

export type OptInProcess = "single_opt_in" | "double_opt_in";

export type List = {
  id: string;
  name: string;
  optInProcess: OptInProcess;
  created: string;
  updated: string;
  /** Profile id → when it joined. */
  members: Map<string, string>;
};

export type Metric = { id: string; name: string; created: string; updated: string; count: number };

export const IDENTIFIERS = ["email", "phone_number", "external_id", "anonymous_id"] as const;
export type Identifier = (typeof IDENTIFIERS)[number];

export type StandardField = "first_name" | "last_name" | "organization" | "locale" | "title" | "image";

export const LOCATION_FIELDS = [
  "address1",
  "address2",
  "city",
  "country",
  "latitude",
  "longitude",
  "region",
  "zip",
  "timezone",
  "ip",
] as const;
export type LocationField = (typeof LOCATION_FIELDS)[number];

export type Profile = {
  id: string;
  identifiers: Record<Identifier, string | null>;
  standard: Record<StandardField, string | null>;
  location: Partial<Record<LocationField, string | number | null>>;
  properties: JsonObject;
  subscriptions: Subscriptions;
  created: string;
  updated: string;
  lastEventDate: string | null;
  /** Oldest first, in the order of processing. */
  events: ProfileEvent[];
  /** Dedup key → event: metric and unique_id, or metric and second. */
  eventKeys: Map<string, ProfileEvent>;
  /** When the last effective subscribe job ran: at most one in 30 minutes counts. */
  lastSubscribeJob: string | null;
  /** Double opt-in lists that asked for a confirmation which has not come yet. */
  awaitingConfirmation: string[];
};

export type Consent = "SUBSCRIBED" | "UNSUBSCRIBED" | "NEVER_SUBSCRIBED";

export type ChannelConsent = {
  consent: Consent;
  timestamp: string | null;
  /** What the subscribe call gave as `custom_source`. */
  customSource: string | null;
  doubleOptIn: boolean;
};

export const SUPPRESSION_REASONS = [
  "HARD_BOUNCE",
  "INVALID_EMAIL",
  "SPAM_COMPLAINT",
  "SPAM_REPORT",
  "UNSUBSCRIBE",
  "USER_SUPPRESSED",
] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

export type Subscriptions = {
  email: ChannelConsent & {
    suppressions: { reason: SuppressionReason; timestamp: string }[];
    listSuppressions: { listId: string; reason: SuppressionReason; timestamp: string }[];
  };
  sms: ChannelConsent;
};

export type ProfileEvent = {
  id: string;
  metric: string;
  uniqueId: string | null;
  /** The key that Klaviyo deduplicates by, see `eventKeys`. */
  key: string;
  /** To the second, as Klaviyo keeps it. */
  time: string;
  receivedAt: string;
  value: number | null;
  valueCurrency: string | null;
  properties: JsonObject;
  /** Names of properties that Klaviyo ignored because their value was 0, null or "". */
  ignored: string[];
  backfill: boolean;
  /** Number of the request in the journal that brought it. */
  request: number;
  /** How often the same event came again and changed nothing. */
  repeats: number;
};

type ImportError = { id: string; detail: string; pointer: string; original: JsonObject };

export type ImportJob = {
  id: string;
  status: "queued" | "complete";
  created: string;
  completed: string | null;
  total: number;
  lists: string[];
  errors: ImportError[];
};

/** A new value per field: `null` clears, an absent field stays as it is. */
export type ProfileChange = {
  id?: string | null;
  identifiers: Partial<Record<Identifier, string | null>>;
  standard: Partial<Record<StandardField, string | null>>;
  location?: Partial<Record<LocationField, string | number | null>> | null;
  properties?: JsonObject | null;
  patch?: { append?: JsonObject | null; unappend?: JsonObject | null; unset?: string[] };
};

export type EventInput = {
  metric: string;
  uniqueId: string | null;
  /** As sent; null = when it was received. */
  time: string | null;
  value: number | null;
  valueCurrency: string | null;
  properties: JsonObject;
  backfill: boolean;
};

export type Channel = "email" | "sms";

/** Accepted with 202 and done later: all that Klaviyo does asynchronously. Plain data, so that a restart keeps it. */
export type Work = { accountId: string; request: number; at: string; dueAt: number } & (
  | { kind: "events"; profile: ProfileChange; events: EventInput[] }
  | { kind: "import"; jobId: string; profiles: { change: ProfileChange; original: JsonObject; pointer: string }[] }
  | {
      kind: "subscribe";
      listId: string | null;
      customSource: string | null;
      historical: boolean;
      profiles: { change: ProfileChange; channels: { channel: Channel; consentedAt: string | null }[] }[];
    }
  | { kind: "unsubscribe"; listId: string | null; profiles: { change: ProfileChange; channels: Channel[] }[] }
  | { kind: "erase"; change: ProfileChange }
);

export type SavedAccount = Omit<Account, "lists" | "metrics" | "profiles" | "identifiers" | "jobs" | "latest"> & {
  lists: (Omit<List, "members"> & { members: [string, string][] })[];
  metrics: Metric[];
  profiles: Omit<Profile, "eventKeys">[];
  jobs: ImportJob[];
};
