import { z } from "zod";
import type { EspAnswer, Outcome } from "#app/esps/esp.ts";

/** One entry of `errors`: only code, title, detail and source are promised; meta is seen live (QUIRKS.md 6). */
const answered = z.object({
  errors: z
    .array(
      z.object({
        code: z.string().catch(""),
        title: z.string().catch(""),
        detail: z.string().catch(""),
        source: z.object({ pointer: z.string().catch("") }).catch({ pointer: "" }),
        meta: z.object({ duplicate_profile_id: z.string().optional() }).catch({}),
      }),
    )
    .min(1),
});

type KlaviyoError = z.output<typeof answered>["errors"][number];

/** Codes of a 400 that mean the key, which the documentation promises for it where live answers are 401 (QUIRKS.md 5). */
const ABOUT_THE_KEY = new Set(["authentication_failed", "not_authenticated", "permission_denied"]);

/** What a status means where the body does not change it; every status that is not here is one of `others`. */
const byStatus: Readonly<Record<number, (because: string, answer: EspAnswer) => Outcome>> = {
  401: (because) => ({ kind: "reconnect", because }),
  408: (because) => ({ kind: "retry", because }),
  // Our revision is no longer served: nothing is wrong with what we tell. It waits, and arrives once we speak a newer one.
  410: (because) => ({ kind: "retry", because }),
  413: (because) => ({ kind: "split", because }),
  // Without its Retry-After the answer still means that the account is over its pace: the steady window is a minute.
  429: (because, { retryAfter }) => ({ kind: "retry", because, afterSeconds: retryAfter ?? 60, tooFast: true }),
};

/**
 * Reads an answer to a call of one item: https://developers.klaviyo.com/en/docs/rate_limits_and_error_handling.
 * An answer that nobody documented is a rejection when the fault is in the call, else a retry.
 * @param sparePhone a phone was sent that the profile can do without
 */
export function outcomeOf(answer: EspAnswer, sparePhone = false): Outcome {
  if (answer.status >= 200 && answer.status < 300) return { kind: "delivered" };
  const errors = errorsOf(answer);
  const because = describe(answer, errors);
  return (
    byBody(answer, errors, because, sparePhone) ?? byStatus[answer.status]?.(because, answer) ?? others(answer, because)
  );
}

/** Where one status means several things, the body tells which. */
function byBody(
  { status }: EspAnswer,
  errors: readonly KlaviyoError[],
  because: string,
  sparePhone: boolean,
): Outcome | undefined {
  if (status === 400 && errors.some(({ code }) => ABOUT_THE_KEY.has(code))) return { kind: "reconnect", because };
  if (status === 400 && errors.some(({ source }) => /\/phone_number$/.test(source.pointer))) {
    return { kind: "resend", because, change: "without-phone" };
  }
  // A 403 in HTML is Cloudflare's challenge, not Klaviyo's refusal (QUIRKS.md 4).
  if (status === 403 && errors.length > 0) return { kind: "reconnect", because };
  // The address says who it is: a phone that is somebody else's is left out before anybody else is taken for them.
  if (status === 409) {
    const profileId = errors.map(({ meta }) => meta.duplicate_profile_id).find(Boolean);
    return { kind: "resend", because, change: profileId && !sparePhone ? { profileId } : "without-phone" };
  }
  return undefined;
}

function others({ status, retryAfter }: EspAnswer, because: string): Outcome {
  // A redirect is not followed (send.ts): something between us and Klaviyo is not as it should be.
  if (status < 400 || status === 403 || status >= 500) return { kind: "retry", because, afterSeconds: retryAfter };
  return { kind: "rejected", because };
}

export function errorsOf({ body }: EspAnswer): readonly KlaviyoError[] {
  const parsed = answered.safeParse(parseJson(body));
  return parsed.success ? parsed.data.errors : [];
}

function describe({ status }: EspAnswer, errors: readonly KlaviyoError[]): string {
  const [first] = errors;
  if (!first) return `HTTP ${status}`;
  const { code, detail, title, source } = first;
  return `HTTP ${status} ${code}: ${detail || title}${source.pointer ? ` (${source.pointer})` : ""}`;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
