import type { Identity, Json, Standard } from "#app/esps/esp.ts";

/** The identifiers of a profile; external_id is left out because it takes no part in merging (QUIRKS.md 7). */
export function identifiers({ email, phone }: Identity): Record<string, Json> {
  return { ...(email && { email }), ...(phone && { phone_number: phone }) };
}

/** A profile that Klaviyo told us the id of is named by it. */
export function ownId({ profileId }: Identity): Record<string, Json> {
  return profileId ? { id: profileId } : {};
}

/** The standard fields under Klaviyo's names. A phone beside an address is an identifier, too (QUIRKS.md 6). */
export function standardAttributes(standard: Standard): Record<string, Json> {
  const { firstName, lastName, phone, locale, city, region, country, zip } = standard;
  const location = {
    ...(city && { city }),
    ...(region && { region }),
    ...(country && { country }),
    ...(zip && { zip }),
  };
  return {
    ...(firstName && { first_name: firstName }),
    ...(lastName && { last_name: lastName }),
    ...(phone && { phone_number: phone }),
    ...(locale && { locale }),
    ...(Object.keys(location).length > 0 && { location }),
  };
}

/** Whether the profile could be named without the phone that was sent. */
export function hasSparePhone(identity: Identity, standard: Standard): boolean {
  return Boolean(standard.phone || (identity.phone && (identity.email || identity.profileId)));
}
