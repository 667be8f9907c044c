/** What the control API accepts in its bodies; a misspelt name is refused rather than ignored. */
import { email, profileFields } from "./api/profile-shape.ts";
import { SCOPES } from "./endpoints.ts";
import type { Json } from "./json.ts";
import type { Failure } from "./modes.ts";
import { invalid } from "./refusal.ts";
import { array, bool, nullable, number, object, oneOf, type Reader, text } from "./shape.ts";
import { SUPPRESSION_REASONS } from "./state.ts";

const optInProcess = oneOf("single_opt_in", "double_opt_in");

const newList: Reader<string | { name: string; optInProcess?: "single_opt_in" | "double_opt_in" }> = (
  value,
  pointer,
) => (typeof value === "string" ? value : object("list", { name: text({ min: 1 }) }, { optInProcess })(value, pointer));

const publicKey: Reader<string> = (value, pointer) => {
  const key = text()(value, pointer);
  if (!/^[A-Za-z0-9]{6}$/.test(key)) throw invalid("A public key has six letters or digits.", pointer);
  return key;
};

export const accountSeed = object(
  "account",
  { organizationName: text({ min: 1 }) },
  {
    publicKey,
    currency: text(),
    timezone: text(),
    locale: text(),
    testAccount: bool,
    sms: bool,
    lists: array(newList),
  },
);

export const keySeed = object("key", {}, { scopes: array(oneOf(...SCOPES)) });

export const revocation = object("revocation", {}, { key: text(), all: bool });

const retryAfter: Reader<string | number> = (value, pointer) =>
  typeof value === "number" ? value : text({ min: 1 })(value, pointer);
const anyJson: Reader<Json> = (value) => value as Json;
const rateLimits: Reader<boolean | number> = (value, pointer) => {
  if (typeof value === "boolean") return value;
  const scale = number(value, pointer);
  if (scale <= 0) throw invalid("The length of the windows is scaled by a positive number.", pointer);
  return scale;
};
const failure: Reader<Failure> = object(
  "fail",
  { status: number },
  { times: number, body: anyJson, retryAfter, html: bool },
);

export const mode = object(
  "mode",
  {},
  {
    path: text({ min: 1 }),
    account: text({ min: 1 }),
    fail: nullable(failure),
    latencyMs: number,
    dropConnection: number,
    loseAnswer: number,
    visibilityDelayMs: number,
    rateLimits,
    dropTestDomains: bool,
    subscribeOnceInMinutes: number,
    badKeyStatus: (value: unknown): 400 | 401 => (value === 400 ? 400 : 401),
    bulkRepeats: oneOf("refuse", "refuse-within-batch", "drop"),
    nullProperty: oneOf("store", "remove"),
    invalidEventPhone: oneOf("refuse", "ignore"),
    retiredRevision: oneOf("gone", "serve"),
  },
);

const consent = oneOf("SUBSCRIBED", "UNSUBSCRIBED", "NEVER_SUBSCRIBED");
export const profileSeed = object(
  "profile",
  {},
  { ...profileFields, consent: object("consent", {}, { email: consent, sms: consent }), lists: array(text()) },
);

export const suppression = object("suppression", { email, reason: oneOf(...SUPPRESSION_REASONS) }, {});

export const confirmation = object("confirmation", { email }, {});
