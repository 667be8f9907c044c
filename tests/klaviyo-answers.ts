import type { EspAnswer } from "#app/esps/esp.ts";

export const JSON_API = "application/vnd.api+json";

/** An answer as Klaviyo refuses with, whose one error says that. */
export function refusal(status: number, error: Record<string, unknown>, more: Partial<EspAnswer> = {}): EspAnswer {
  const body = JSON.stringify({ errors: [{ id: "0b1c", status, title: "Title.", detail: "Detail.", ...error }] });
  return { status, contentType: JSON_API, body, ...more };
}
