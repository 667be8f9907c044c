import type { Esp } from "./esp.ts";
import { klaviyo } from "./klaviyo/index.ts";

/** The ESPs we can send to. To add one: docs/add-an-esp.md. */
export const esps = { klaviyo } as const satisfies Record<string, Esp>;

export type EspKey = keyof typeof esps;

export const espKeys = ["klaviyo"] as const satisfies readonly EspKey[];

export function isEspKey(key: string): key is EspKey {
  return Object.hasOwn(esps, key);
}

/** The plug-in, for callers that treat all ESPs alike. */
export function espOf(key: EspKey): Esp {
  return esps[key];
}
