import { createHmac } from "node:crypto";
import { type Agent, fetch } from "undici";

/** The whole time that Shopify gives an app to answer. */
const TIMEOUT_MS = 5000;

/** `X-Shopify-Hmac-Sha256`: base64 of HMAC-SHA256 over the raw body with the app's secret. */
export function signBody(body: string, secret: string): string {
  return createHmac("sha256", secret).update(body, "utf8").digest("base64");
}

/** JSON as Rails writes it: these five characters are escaped, so that a receiver who re-serialises gets another HMAC. */
export function railsJson(payload: unknown): string {
  return JSON.stringify(payload).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** One POST with Shopify's time limit; a refusal to connect or a time-out is an answer without a status. */
export async function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  dispatcher?: Agent,
): Promise<{ status: number | null; error: string | null; text: string }> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(dispatcher ? { dispatcher } : {}),
    });
    return { status: response.status, error: null, text: await response.text() };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { status: null, error: cause instanceof Error ? cause.message : String(cause), text: "" };
  }
}
