import { z } from "zod";
import type { Credentials } from "#app/esps/esp.ts";
import { type EspKey, espOf } from "#app/esps/index.ts";
import { type Keyring, SealError, seal, unseal } from "#app/lib/sealed.ts";

export type CredentialError = { readonly field: string; readonly code: "required" | "format" };

/** Reads what the merchant pasted; one error per field that is wrong. */
export function parseCredentials(
  esp: EspKey,
  pasted: unknown,
): { ok: true; credentials: Credentials } | { ok: false; errors: CredentialError[] } {
  const parsed = espOf(esp).credentials.safeParse(pasted);
  if (parsed.success) return { ok: true, credentials: parsed.data };
  const errors = parsed.error.issues.map(({ path, message }): CredentialError => {
    return { field: String(path[0] ?? "form"), code: message === "format" ? "format" : "required" };
  });
  return { ok: false, errors };
}

/** What may be shown of them: secrets by their ends, the others whole. */
export function maskCredentials(esp: EspKey, credentials: Credentials): Record<string, string> {
  const { fields } = espOf(esp);
  return Object.fromEntries(
    Object.entries(credentials).map(([field, value]) => [
      field,
      fields[field]?.secret === false ? value : `${value.slice(0, 3)}…${value.slice(-4)}`,
    ]),
  );
}

export function sealCredentials(keyring: Keyring, connectionId: string, credentials: Credentials): string {
  return seal(keyring, JSON.stringify(credentials), purposeOf(connectionId));
}

/** @throws SealError */
export function unsealCredentials(keyring: Keyring, connectionId: string, sealed: string): Credentials {
  return z.record(z.string(), z.string()).parse(JSON.parse(unseal(keyring, sealed, purposeOf(connectionId))));
}

/** @returns null where they cannot be opened: the key that they were sealed with is gone, or they were sealed for another */
export function openCredentials(keyring: Keyring, connectionId: string, sealed: string): Credentials | null {
  try {
    return unsealCredentials(keyring, connectionId, sealed);
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}

function purposeOf(connectionId: string): string {
  return `credentials of ${connectionId}`;
}
