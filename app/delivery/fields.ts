import { createHash } from "node:crypto";
import { type EspProfile, type Identity, type Standard, type StandardField, standardFields } from "#app/esps/esp.ts";
import type { ProfileSettings } from "./settings.ts";

/** What we know of a person that ESPs have fields for. */
export type StandardFacts = Readonly<Record<StandardField, string | null>>;

/** The fields that the merchant selected and that we have; a phone that says who it is is no field. */
export function selectFields({ fields }: ProfileSettings, identity: Identity, facts: StandardFacts): Standard {
  const selected = standardFields.filter((field) => fields.includes(field) && !(field === "phone" && identity.phone));
  return Object.fromEntries(selected.flatMap((field) => (facts[field] ? [[field, facts[field]]] : [])));
}

/** Of these, what may be written to the profile as the ESP has it; somebody it does not know gets all. */
export function allowFields({ policy }: ProfileSettings, selected: Standard, profile: EspProfile | null): Standard {
  if (!profile || policy === "chosen") return selected;
  if (policy === "never") return {};
  return Object.fromEntries(
    Object.entries(selected).filter(([field]) => !profile.filled.some((filled) => filled === field)),
  );
}

/**
 * The same for the same values of the same profile under the same policy: what it stands for need not be looked at again.
 * Somebody's new address is a new profile at the ESP, which has none of the fields.
 */
export function hashFields({ policy }: ProfileSettings, identity: Identity, selected: Standard): string {
  return createHash("sha256")
    .update(JSON.stringify([policy, identity.email ?? identity.phone, ...Object.entries(selected)]))
    .digest("base64url")
    .slice(0, 22);
}
