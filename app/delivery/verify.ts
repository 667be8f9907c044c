import { setTimeout as sleep } from "node:timers/promises";
import type { Credentials } from "#app/esps/esp.ts";
import { type EspKey, espOf } from "#app/esps/index.ts";
import { block, blockedFor } from "./account.ts";
import { startAsking } from "./ask.ts";
import type { CredentialError } from "./credentials.ts";
import type { DeliveryDeps } from "./deps.ts";

/** Klaviyo answers one check a second: whoever corrects a key at once is not told to try again. */
const LONGEST_WAIT_SECONDS = 2;

/**
 * What is wrong with credentials, next to the field where it is wrong; `form`: nothing is, the ESP could not be asked.
 * `detail`: the scopes that are missing, or the seconds that the ESP wants to be left alone.
 */
export type ConnectError =
  | CredentialError
  | { readonly field: string; readonly code: "key_refused" | "wrong_account" }
  | { readonly field: string; readonly code: "scopes_missing"; readonly detail: string }
  | { readonly field: "form"; readonly code: "unavailable" }
  | { readonly field: "form"; readonly code: "busy"; readonly detail: string };

export type Verified =
  | { readonly ok: true; readonly accountKey: string; readonly accountName: string }
  | { readonly ok: false; readonly errors: ConnectError[] };

/**
 * Proves credentials with the ESP while the merchant waits: whose are they, and do they allow what we need?
 * @param knownAccount the account that the connection had: where it must be left alone it is not asked
 */
export async function verify(
  deps: DeliveryDeps,
  esp: EspKey,
  credentials: Credentials,
  knownAccount: string | null,
): Promise<Verified> {
  if (knownAccount !== null) {
    const seconds = await blockedFor(deps.pool, { esp, accountKey: knownAccount });
    if (seconds > 0) return refuse({ field: "form", code: "busy", detail: String(Math.ceil(seconds)) });
  }
  const { check } = espOf(esp);
  const ask = startAsking(deps, esp, credentials);

  let answer = await ask(check.request);
  if (answer?.retryAfter !== undefined && answer.retryAfter <= LONGEST_WAIT_SECONDS) {
    await sleep(answer.retryAfter * 1000);
    answer = await ask(check.request);
  }
  if (!answer) return refuse({ field: "form", code: "unavailable" });
  if (answer.status === 429 && answer.retryAfter !== undefined) {
    if (knownAccount !== null) await block(deps.pool, { esp, accountKey: knownAccount }, answer.retryAfter);
    return refuse({ field: "form", code: "busy", detail: String(Math.ceil(answer.retryAfter)) });
  }
  const result = check.read(answer, credentials);
  if (!result.ok) return refuse(errorOf(result));

  const probed = await Promise.all(check.probes.map(async (probe) => ({ probe, answer: await ask(probe.request) })));
  const missing = probed.filter(({ probe, answer: given }) => given && !probe.allowed(given));
  if (missing.length === 0) return result;
  const field = Object.entries(espOf(esp).fields).find(([, { secret }]) => secret)?.[0] ?? "form";
  return refuse({ field, code: "scopes_missing", detail: missing.map(({ probe }) => probe.scope).join(", ") });
}

function errorOf(result: Exclude<ReturnType<ReturnType<typeof espOf>["check"]["read"]>, { ok: true }>): ConnectError {
  switch (result.because) {
    case "unavailable":
      return { field: "form", code: "unavailable" };
    case "scopes_missing":
      return { field: result.field, code: "scopes_missing", detail: result.scopes };
    default:
      return { field: result.field, code: result.because };
  }
}

function refuse(error: ConnectError): Verified {
  return { ok: false, errors: [error] };
}
