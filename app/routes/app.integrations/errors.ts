import type { ParseKeys } from "i18next";
import type { ConnectError } from "#app/delivery/connections.ts";
import { isTextKey } from "#app/i18n.ts";

/** The words for what is wrong with the keys: the field's own if it has some ("format"), else those for every ESP. */
export function errorWords(esp: string, { field, code }: ConnectError): ParseKeys {
  const own = `integrations.${esp}.field.${field}.${code}`;
  return isTextKey(own) ? own : `integrations.error.${code}`;
}

/** What the words leave open: the scopes that are missing, or as `count` the seconds to wait. */
export function errorDetail(error: ConnectError): { detail?: string; count?: number } {
  if (!("detail" in error)) return {};
  return error.code === "busy" ? { count: Number(error.detail) } : { detail: error.detail };
}
