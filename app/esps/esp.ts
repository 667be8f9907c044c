import type { z } from "zod";

/**
 * The contract of an ESP plug-in. A plug-in returns requests and reads answers; it sends nothing, and knows no clock, no
 * shop and no program. An operation that is absent is a capability that the ESP lacks.
 */
export type Esp<C extends Credentials = Credentials> = {
  /** As merchants know it. */
  readonly name: string;
  /** Parses what the merchant pasted; an issue's message is "required" or "format". */
  readonly credentials: z.ZodType<C>;
  readonly fields: { readonly [Field in keyof C]: CredentialField };
  /** The longest event name it takes, brand word included. */
  readonly maxNameLength: number;
  headers(credentials: C): Readonly<Record<string, string>>;
  readonly check: Check<C>;
  /** The lists that people can join. */
  readonly lists?: Lists;
  /** Reads what the ESP knows of a person. */
  readonly find?: Find;
  readonly operations: {
    /** Sets properties of a person, who is created if need be. */
    readonly profile?: Operation<ProfileItem>;
    /** Records an event, and sets the properties that it carries first. */
    readonly event?: Operation<EventItem>;
    /** Makes somebody a member of a list; what they agreed to stays as it is. */
    readonly addToList?: Operation<MemberItem>;
    /** Makes somebody who agreed to it a subscriber of a list. */
    readonly subscribe?: Operation<SubscriberItem>;
  };
};

export type Credentials = Readonly<Record<string, string>>;

/** `label` and `help` are keys of admin.json; a secret is encrypted by the caller and shown masked. */
export type CredentialField = {
  readonly label: string;
  readonly help: string;
  readonly helpUrl: string;
  readonly secret: boolean;
};

/**
 * The call that proves the credentials, and calls that change nothing but are refused (`reconnect`) where a scope is
 * missing.
 */
export type Check<C extends Credentials = Credentials> = {
  readonly docs: string;
  readonly request: EspRequest;
  read(answer: EspAnswer, credentials: C): CheckResult;
  readonly probes: readonly Probe[];
};

export type Probe = {
  readonly scope: string;
  readonly request: EspRequest;
  /** False only where the answer says so for certain. */
  allowed(answer: EspAnswer): boolean;
};

/** `accountKey` is the same for all credentials of one account: its limits are shared. */
export type CheckResult =
  | { readonly ok: true; readonly accountKey: string; readonly accountName: string }
  | { readonly ok: false; readonly because: "key_refused" | "wrong_account"; readonly field: string }
  | { readonly ok: false; readonly because: "scopes_missing"; readonly field: string; readonly scopes: string }
  | { readonly ok: false; readonly because: "unavailable" };

export type Operation<Item> = {
  readonly docs: string;
  readonly limits: Limits;
  request(batch: Batch<Item>): EspRequest;
  /** One outcome per item of the batch, in its order. */
  read(answer: EspAnswer, batch: Batch<Item>): readonly Outcome[];
};

export type Lists = {
  readonly docs: string;
  /** @param page what the page before named as `next`; null: the first */
  request(page: string | null): EspRequest;
  read(answer: EspAnswer): { readonly lists: readonly EspList[]; readonly next: string | null } | Outcome;
};

/** `doubleOptIn`: whoever subscribes is asked by e-mail to confirm it. */
export type EspList = { readonly id: string; readonly name: string; readonly doubleOptIn: boolean };

export type Find = {
  readonly docs: string;
  readonly limits: Limits;
  request(identity: Identity): EspRequest;
  read(answer: EspAnswer): Found | Outcome;
};

export type Found = { readonly kind: "found"; readonly profile: EspProfile | null };

/** What an ESP knows of a person, as far as we must heed it. */
export type EspProfile = {
  readonly profileId: string;
  /** The fields that are filled. */
  readonly filled: readonly StandardField[];
  /**
   * Whether they may be written to by e-mail; `suppressed`: bounced, complained or blocked by the merchant; `unknown`: the
   * answer does not say.
   */
  readonly email: "subscribed" | "unsubscribed" | "suppressed" | "unasked" | "unknown";
  /** Lists that they left. */
  readonly listsLeft: readonly string[];
};

export type Limits = {
  /** Items and bytes of one call. */
  readonly items: number;
  readonly bytes: number;
  /** Calls of one account. */
  readonly perSecond: number;
  readonly perMinute: number;
};

export type Batch<Item> = readonly [Item, ...Item[]];

/** `path` is below the ESP's base URL; `body` is sent as JSON. */
export type EspRequest = { readonly method: "GET" | "POST" | "PATCH"; readonly path: string; readonly body?: Json };

/** `retryAfter`: the Retry-After header, in seconds. `body`: as text. */
export type EspAnswer = {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter?: number;
  readonly body: string;
};

/** What became of an item. `because` is for people who read the delivery log. */
export type Outcome =
  | { readonly kind: "delivered"; readonly profileId?: string }
  /**
   * `afterSeconds`: the whole account rests, not this item alone. `tooFast`: the ESP is well and wants less of us; without it
   * the ESP failed, and counts as down when it goes on failing.
   */
  | { readonly kind: "retry"; readonly because: string; readonly afterSeconds?: number; readonly tooFast?: true }
  /** The credentials are no good: everything waits for new ones. */
  | { readonly kind: "reconnect"; readonly because: string }
  /** Once more, at once, with the identity changed. */
  | {
      readonly kind: "resend";
      readonly because: string;
      readonly change: "without-phone" | "without-profile-id" | { readonly profileId: string };
    }
  /** Too large together; a single item is rejected. */
  | { readonly kind: "split"; readonly because: string }
  | { readonly kind: "rejected"; readonly because: string };

/** Who it is, as the ESP knows them. `profileId` is the ESP's own id and goes before the others. */
export type Identity = { readonly profileId?: string; readonly email?: string; readonly phone?: string };

export type Values = Readonly<Record<string, string | number | boolean>>;

/** Fields that ESPs keep of everybody and that we may know; the phone is one beside an address, alone it is who it is. */
export const standardFields = ["firstName", "lastName", "phone", "locale", "city", "region", "country", "zip"] as const;
export type StandardField = (typeof standardFields)[number];
export type Standard = Readonly<Partial<Record<StandardField, string>>>;

export type ProfileItem = {
  readonly identity: Identity;
  readonly standard: Standard;
  readonly properties: Values;
  /** Properties to remove. */
  readonly unset: readonly string[];
};

export type EventItem = {
  /** The same id again is the same event. */
  readonly id: string;
  readonly name: string;
  readonly at: Date;
  readonly identity: Identity;
  readonly standard: Standard;
  readonly properties: Values;
  /** Of the profile: what is newest when the event is sent. */
  readonly profile: Values;
  /** Of the profile: properties to remove. */
  readonly unset: readonly string[];
  /** Major units of an ISO 4217 currency. */
  readonly value?: { readonly amount: number; readonly currency: string };
};

export type MemberItem = { readonly identity: Identity & { readonly profileId: string }; readonly listId: string };

export type SubscriberItem = {
  readonly identity: Identity & { readonly email: string };
  readonly listId: string;
  /** Where they agreed, as the ESP shows it. */
  readonly source: string;
};

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };
