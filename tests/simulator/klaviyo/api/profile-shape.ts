/** What may be said about a profile, and how it is checked: the same in imports, events and subscriptions. */
import { invalid } from "#tests/simulator/klaviyo/refusal.ts";
import {
  json,
  nullable,
  object,
  oneOf,
  type Reader,
  type ReadOf,
  text,
  unknownHere,
} from "#tests/simulator/klaviyo/shape.ts";
import type { Account, ProfileChange } from "#tests/simulator/klaviyo/state.ts";

/** ≤ 100 characters; the wording is Klaviyo's (klaviyo-swift-sdk, klaviyo-android-sdk tests). */
export const email: Reader<string> = (value, pointer) => {
  const address = text({ max: 100 })(value, pointer);
  const plausible = /^[^\s@,;<>()"]+@(?:[^\s@.,;<>()"]+\.)+[^\s@.,;<>()"]{2,}$/.test(address);
  if (!plausible || address.includes("..")) throw invalid("Invalid email address", pointer);
  return address;
};

const E164 = /^\+[1-9]\d{7,14}$/;

/** E.164. One bad number refuses the whole request, whatever else is right in it. */
export const phone: Reader<string> = (value, pointer) => {
  const number = text()(value, pointer);
  if (!E164.test(number)) {
    throw invalid("Invalid phone number format (Example of a valid format: +12345678901)", pointer);
  }
  return number;
};

const coordinate: Reader<string | number> = (value, pointer) => {
  if (typeof value === "number") return value;
  return text()(value, pointer);
};

const location = object(
  "location",
  {},
  {
    address1: nullable(text()),
    address2: nullable(text()),
    city: nullable(text()),
    country: nullable(text()),
    latitude: nullable(coordinate),
    longitude: nullable(coordinate),
    region: nullable(text()),
    zip: nullable(text()),
    timezone: nullable(text()),
    ip: nullable(text()),
  },
);

const unset: Reader<string[]> = (value, pointer) => {
  if (Array.isArray(value)) return value.map((name, index) => text()(name, `${pointer}/${index}`));
  return [text()(value, pointer)];
};

/** Beside `attributes` in profile-import, inside them in events. */
export const meta = object(
  "meta",
  {},
  {
    patch_properties: nullable(
      object("patch_properties", {}, { append: nullable(json), unappend: nullable(json), unset: nullable(unset) }),
    ),
    patch_identifiers: nullable(unknownHere("patch_identifiers")),
  },
);

const shared = {
  email: nullable(email),
  external_id: nullable(text({ max: 255 })),
  first_name: nullable(text()),
  last_name: nullable(text()),
  organization: nullable(text()),
  locale: nullable(text()),
  title: nullable(text()),
  image: nullable(text()),
  location: nullable(location),
  properties: nullable(json),
  _kx: nullable(unknownHere("_kx")),
};

/** Everything that can be said about a profile outside of an event. */
export const profileFields = { ...shared, phone_number: nullable(phone) };

/** The attributes of a profile in `/api/profiles`, `/api/profile-import` and the bulk import. */
export const profileAttributes = object("profile", {}, profileFields);

const eventFields = { ...shared, anonymous_id: nullable(text()), meta: nullable(meta) };

/** The attributes of the profile in an event. */
export const eventProfileAttributes = object("profile", {}, { ...eventFields, phone_number: nullable(phone) });

/** The same where an invalid phone does no harm (an UNVERIFIED alternative, see `invalidEventPhone`). */
export const lenientEventProfileAttributes = object(
  "profile",
  {},
  {
    ...eventFields,
    phone_number: (value: unknown) => (typeof value === "string" && E164.test(value) ? value : undefined),
  },
);

/** A profile as imports take it: `meta` is a sibling of `attributes`. */
export const profileResource = object(
  "profile",
  { type: oneOf("profile"), attributes: profileAttributes },
  { id: nullable(text()), meta: nullable(meta) },
);

/** The channels whose consent is given or taken; `marketing` says what may be said of one. */
function channels<T>(marketing: Reader<T>) {
  return object(
    "subscriptions",
    {},
    {
      email: nullable(
        object("email", {}, { marketing: nullable(marketing), open_tracking: nullable(unknownHere("open_tracking")) }),
      ),
      sms: nullable(
        object(
          "sms",
          {},
          { marketing: nullable(marketing), transactional: nullable(unknownHere("transactional SMS")) },
        ),
      ),
      whatsapp: nullable(unknownHere("WhatsApp")),
      push: nullable(unknownHere("push")),
    },
  );
}

export const subscribing = channels(
  object("marketing", { consent: oneOf("SUBSCRIBED") }, { consented_at: nullable(text()) }),
);
export const unsubscribing = channels(object("marketing", { consent: oneOf("UNSUBSCRIBED") }, {}));

type Attributes = ReadOf<typeof profileAttributes> & { anonymous_id?: string | null };
type Meta = ReadOf<typeof meta>;

/**
 * What a request wants to change.
 * @throws Refusal where nothing identifies the profile, or only a phone does in an account without SMS
 */
export function changeOf(
  account: Account,
  id: string | null | undefined,
  attributes: Attributes,
  patch: Meta | null | undefined,
  pointer: string,
): ProfileChange {
  const { email, phone_number, external_id, anonymous_id } = attributes;
  if (!id && !email && !phone_number && !external_id && !anonymous_id) {
    throw invalid("One of id, email, phone_number, external_id or anonymous_id is required.", pointer);
  }
  if (!account.sms && phone_number && !id && !email && !external_id && !anonymous_id) {
    throw invalid("A phone number alone identifies a profile only where SMS is set up.", `${pointer}/phone_number`);
  }
  const { first_name, last_name, organization, locale, title, image } = attributes;
  const operations = patch?.patch_properties;
  return {
    id,
    identifiers: given({ email, phone_number, external_id, anonymous_id }),
    standard: given({ first_name, last_name, organization, locale, title, image }),
    location: attributes.location,
    properties: attributes.properties,
    patch: operations ? { ...operations, unset: operations.unset ?? [] } : undefined,
  };
}

/** Drops what was not mentioned, so that it stays unchanged. */
function given<T extends Record<string, string | null | undefined>>(values: T): { [K in keyof T]?: string | null } {
  const mentioned: { [K in keyof T]?: string | null } = {};
  for (const name in values) if (values[name] !== undefined) mentioned[name] = values[name];
  return mentioned;
}
