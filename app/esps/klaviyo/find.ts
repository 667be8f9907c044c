import { z } from "zod";
import type { EspProfile, Find, Identity, StandardField } from "#app/esps/esp.ts";
import { outcomeOf, parseJson } from "./outcome.ts";

/** Whole or not at all: what is missing here might be that somebody said no. */
const marketing = z.object({
  can_receive_email_marketing: z.boolean(),
  consent: z.string(),
  suppression: z.array(z.object({ reason: z.string() })),
  list_suppressions: z.array(z.object({ list_id: z.string() })),
});

const field = z.string().nullish();

const profiles = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      attributes: z.object({
        first_name: field,
        last_name: field,
        phone_number: field,
        locale: field,
        location: z.object({ city: field, region: field, country: field, zip: field }).nullish(),
        subscriptions: z
          .object({ email: z.object({ marketing }) })
          .nullable()
          .catch(null),
      }),
    }),
  ),
});

type Attributes = z.output<typeof profiles>["data"][number]["attributes"];

/** Looks a profile up by its address or phone, with what it may be sent. */
export const find: Find = {
  docs: "https://developers.klaviyo.com/en/reference/get_profiles",
  limits: { items: 1, bytes: 0, perSecond: 75, perMinute: 750 },

  request: (identity) => ({
    method: "GET",
    path: `/api/profiles?${new URLSearchParams({
      filter: filterOf(identity),
      "additional-fields[profile]": "subscriptions",
      "fields[profile]": "first_name,last_name,phone_number,locale,location,subscriptions",
    })}`,
  }),

  read(answer) {
    const outcome = outcomeOf(answer);
    if (outcome.kind !== "delivered") return outcome;
    const { data: found } = profiles.safeParse(parseJson(answer.body));
    if (!found) return { kind: "retry", because: `HTTP ${answer.status}: not the profiles that were asked for` };
    const [first] = found.data;
    return { kind: "found", profile: first ? profileOf(first.id, first.attributes) : null };
  },
};

function filterOf({ email, phone, profileId }: Identity): string {
  if (email) return `equals(email,${JSON.stringify(email)})`;
  return phone ? `equals(phone_number,${JSON.stringify(phone)})` : `equals(id,${JSON.stringify(profileId ?? "")})`;
}

function profileOf(profileId: string, attributes: Attributes): EspProfile {
  const said = attributes.subscriptions?.email.marketing;
  const values: Record<StandardField, string | null | undefined> = {
    firstName: attributes.first_name,
    lastName: attributes.last_name,
    phone: attributes.phone_number,
    locale: attributes.locale,
    city: attributes.location?.city,
    region: attributes.location?.region,
    country: attributes.location?.country,
    zip: attributes.location?.zip,
  };
  const fields = Object.keys(values) as StandardField[];
  return {
    profileId,
    filled: fields.filter((field) => values[field]?.trim()),
    email: said ? emailState(said) : "unknown",
    listsLeft: said?.list_suppressions.map(({ list_id }) => list_id) ?? [],
  };
}

/** Whoever unsubscribed is suppressed for that reason; any other suppression is one that they did not ask for. */
function emailState(said: z.output<typeof marketing>): EspProfile["email"] {
  const { can_receive_email_marketing: canReceive, consent, suppression } = said;
  if (consent === "UNSUBSCRIBED" || suppression.some(({ reason }) => reason === "UNSUBSCRIBE")) return "unsubscribed";
  if (suppression.length > 0 || !canReceive) return "suppressed";
  return consent === "SUBSCRIBED" ? "subscribed" : "unasked";
}
