import http from "node:http";
import https from "node:https";
import { text } from "node:stream/consumers";
import type { EspAnswer, EspRequest } from "#app/esps/esp.ts";

/** How long an ESP may take to answer. */
export const CALL_TIMEOUT_MS = 10_000;

const LEAST_WAIT_SECONDS = 1;

/** What is sent; `body` is JSON. */
export type Outgoing = {
  readonly method: EspRequest["method"];
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
};

/** One call as it went: what the log keeps, without headers and so without secrets. */
export type Call = Omit<Outgoing, "headers"> & {
  readonly answer: EspAnswer | { readonly status: null; readonly because: string };
  readonly durationMs: number;
};

/**
 * The only call to an ESP. It never throws: an answer that does not come is a `because`. Redirects are not followed,
 * because the credentials would go along.
 *
 * By node:http and not by fetch, which takes three times the processor time for as small a call: a busy worker makes two
 * thousand a second (tests/bench/delivery.ts).
 * @param giveUp ends the call before its time
 */
export async function send(outgoing: Outgoing, giveUp: AbortSignal): Promise<Call> {
  const { method, url, body } = outgoing;
  const began = performance.now();
  const answer = await reach(outgoing, giveUp).catch((error: Error) => ({ status: null, because: describe(error) }));
  return { method, url, body, answer, durationMs: Math.round(performance.now() - began) };
}

function reach({ method, url, headers, body }: Outgoing, giveUp: AbortSignal): Promise<EspAnswer> {
  return new Promise((resolve, reject) => {
    const { request: open } = url.startsWith("https:") ? https : http;
    const request = open(url, { method, headers }, (response) => {
      text(response).then((answered) => resolve(answerOf(response, answered)), reject);
    });
    const stop = () => request.destroy(new Error("given up"));
    const late = () => request.destroy(new Error(`no answer within ${CALL_TIMEOUT_MS / 1000} s`));
    const timer = setTimeout(late, CALL_TIMEOUT_MS);
    giveUp.addEventListener("abort", stop);
    request.on("error", reject);
    request.once("close", () => {
      clearTimeout(timer);
      giveUp.removeEventListener("abort", stop);
    });
    if (giveUp.aborted) stop();
    else request.end(body ?? undefined);
  });
}

function answerOf({ statusCode = 0, headers }: http.IncomingMessage, body: string): EspAnswer {
  const { "content-type": contentType = "", "retry-after": retryAfter, date } = headers;
  return { status: statusCode, contentType, body, retryAfter: secondsOf(retryAfter, date) };
}

/**
 * Retry-After in seconds from now (RFC 9110 §10.2.3): a number, or a date, which is compared with the answer's own Date
 * so that the clocks need not agree. At least one: who asks for a wait of none, or until a time that has passed, is not
 * called again in the same moment.
 * @returns undefined where there is none that makes sense
 */
export function secondsOf(retryAfter: string | undefined, date: string | undefined): number | undefined {
  const value = retryAfter?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.max(LEAST_WAIT_SECONDS, Number(value));
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  const answered = Date.parse(date ?? "");
  return Math.max(LEAST_WAIT_SECONDS, (until - (Number.isNaN(answered) ? Date.now() : answered)) / 1000);
}

function describe(error: Error): string {
  return "code" in error ? `no answer: ${error.code}` : error.message;
}
