import type { Esp } from "#app/esps/esp.ts";
import { check } from "./check.ts";
import { credentials, fields, headers, type KlaviyoCredentials } from "./credentials.ts";
import { event } from "./event.ts";
import { find } from "./find.ts";
import { addToList, lists, subscribe } from "./lists.ts";
import { profile } from "./profile.ts";

/** https://developers.klaviyo.com/en/reference/api_overview; its oddities are in QUIRKS.md. */
export const klaviyo: Esp<KlaviyoCredentials> = {
  name: "Klaviyo",
  credentials,
  fields,
  maxNameLength: 127, // "less than 128": https://developers.klaviyo.com/en/reference/events_api_overview#limitations
  headers,
  check,
  lists,
  find,
  operations: { profile, event, addToList, subscribe },
};
