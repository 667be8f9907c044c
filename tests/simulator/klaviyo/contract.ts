/** What the control API takes and gives: shared by `control.ts` and `client.ts`. */
import type { Scope } from "./endpoints.ts";
import type { RequestRecord, Stats } from "./journal.ts";
import type { JsonObject } from "./json.ts";
import type { Mode, Rule, Settings } from "./modes.ts";
import type {
  Account,
  ApiKey,
  Consent,
  Identifier,
  LocationField,
  OptInProcess,
  Profile,
  ProfileEvent,
  StandardField,
  Subscriptions,
  SuppressionReason,
} from "./state.ts";

export type { Mode, RequestRecord, Stats };

/** `POST /_sim/accounts` */
export type AccountSeed = {
  organizationName: string;
  /** Six letters or digits; default random. */
  publicKey?: string;
  /** ISO 4217, default USD. */
  currency?: string;
  /** IANA, default US/Eastern. */
  timezone?: string;
  locale?: string;
  testAccount?: boolean;
  /** Default true; false refuses profiles that only a phone identifies. */
  sms?: boolean;
  /** A plain name makes a double opt-in list, as Klaviyo does by default. */
  lists?: (string | { name: string; optInProcess?: OptInProcess })[];
};

export type NewAccount = { id: string; publicKey: string; privateKey: string };

/** `GET /_sim/accounts` */
export type AccountView = Pick<Account, "id" | "organizationName" | "publicKey" | "currency" | "timezone"> & {
  keys: ApiKey[];
  profiles: number;
  events: number;
};

/** `GET /_sim/accounts/:id/lists` */
export type ListView = { id: string; name: string; optInProcess: OptInProcess; members: string[] };

/** `GET /_sim/accounts/:id/profiles` */
export type ProfileView = Record<Identifier, string | null> &
  Record<StandardField, string | null> & {
    id: string;
    location: Profile["location"];
    properties: JsonObject;
    subscriptions: Subscriptions;
    /** Lists whose double opt-in mail waits for a click; "" is the account's own. */
    awaitingConfirmation: string[];
    lists: { id: string; name: string }[];
    created: string;
    updated: string;
  };

/** `GET /_sim/accounts/:id/events`: oldest first, in the order of processing. */
export type EventView = Omit<ProfileEvent, "key"> & { profile: { id: string; email: string | null } };

/** `POST /_sim/accounts/:id/profiles`: somebody who was there before. */
export type ProfileSeed = Partial<Record<Exclude<Identifier, "anonymous_id">, string>> &
  Partial<Record<StandardField, string>> & {
    location?: Partial<Record<LocationField, string>>;
    properties?: JsonObject;
    consent?: { email?: Consent; sms?: Consent };
    /** Ids of lists. */
    lists?: string[];
  };

/** `POST /_sim/accounts/:id/suppressions` */
export type SuppressionSeed = { email: string; reason: SuppressionReason };

export type ModeView = { rules: Rule[]; settings: Settings; accounts: Record<string, Partial<Settings>> };

export type { ApiKey, Scope };
