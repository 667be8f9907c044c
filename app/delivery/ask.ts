import type { Credentials, EspAnswer, EspRequest } from "#app/esps/esp.ts";
import { type EspKey, espOf } from "#app/esps/index.ts";
import type { DeliveryDeps } from "./deps.ts";
import { send } from "./send.ts";

/** A merchant waits for this. */
const TIMEOUT_MS = 5_000;

export type Ask = (request: EspRequest) => Promise<EspAnswer | null>;

/** Asks an ESP while a merchant waits, ≤ 5 s for all questions together; null: no answer came. */
export function startAsking({ baseUrls }: DeliveryDeps, esp: EspKey, credentials: Credentials): Ask {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const headers = espOf(esp).headers(credentials);
  return async ({ method, path, body }) => {
    const text = body === undefined ? null : JSON.stringify(body);
    const { answer } = await send({ method, url: baseUrls[esp] + path, headers, body: text }, signal);
    return answer.status === null ? null : answer;
  };
}
