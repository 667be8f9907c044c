/** One HTTP exchange of the API: reads it, plays what a mode asks for, answers it, writes it down. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { findEndpoint } from "#tests/simulator/klaviyo/endpoints.ts";
import { readBody, urlOf } from "#tests/simulator/klaviyo/http.ts";
import { readableHeaders } from "#tests/simulator/klaviyo/journal.ts";
import type { Failure } from "#tests/simulator/klaviyo/modes.ts";
import { errorBody, Refusal } from "#tests/simulator/klaviyo/refusal.ts";
import type { Store } from "#tests/simulator/klaviyo/store.ts";
import { settle } from "#tests/simulator/klaviyo/work.ts";
import { type Caller, callerOf, createApi, normalise } from "./handle.ts";

type Reply = { status: number; headers: Record<string, string>; text: string; note?: string };

const JSON_API = "application/vnd.api+json";

/** What an injected failure says where the mode does not: the vendor's codes. */
const FAILURES: Record<number, { code: string; title: string }> = {
  400: { code: "invalid", title: "Invalid input." },
  401: { code: "authentication_failed", title: "Incorrect authentication credentials." },
  403: { code: "permission_denied", title: "You do not have permission to perform this action." },
  404: { code: "not_found", title: "Not found." },
  409: { code: "duplicate_profile", title: "Conflict." },
  410: { code: "gone", title: "Gone." },
  429: { code: "throttled", title: "Request was throttled." },
};

/** @returns a function that answers one request to `/api/…` */
export function createApiServer(store: Store) {
  const handle = createApi(store);

  return async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrivedAt = store.realTime();
    const number = store.journal.number();
    const method = request.method ?? "GET";
    const url = urlOf(request);
    const body = await readBody(request);
    const caller = callerOf(store, request.headers);
    const accountId = caller?.account.id;
    const path = normalise(url.pathname);
    const found = findEndpoint(method, path);
    const name = typeof found === "string" ? `${method} ${path}` : found.name;
    if (accountId !== undefined) store.journal.arrive(accountId, name, arrivedAt);

    const play = store.modes.play(method, path, name, accountId);
    if (play.latencyMs > 0) await pause(play.latencyMs);
    const reply = play.dropConnection
      ? { status: 0, headers: {}, text: "", note: "The connection was dropped before anything was done." }
      : play.fail
        ? injected(play.fail, caller)
        : answer({ method, url, headers: request.headers, body, number }, caller);
    if (play.loseAnswer) reply.note = "The call was carried out and its answer lost.";

    store.journal.keep({
      number,
      at: store.now().toISOString(),
      accountId: accountId ?? null,
      method,
      path: `${url.pathname}${url.search}`,
      headers: readableHeaders(request.headers),
      body: body.toString(),
      status: reply.status,
      answerHeaders: reply.headers,
      answer: reply.text,
      note: reply.note,
    });
    store.journal.countCall(name, reply.status);
    store.changed();
    if (play.dropConnection || play.loseAnswer) {
      request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, reply.headers);
    response.end(reply.text);
    const retryAfter = reply.headers["Retry-After"];
    if (retryAfter !== undefined && accountId !== undefined) {
      store.journal.askToWait(accountId, retryAfter, store.realTime());
    }
  };

  function answer(request: Parameters<typeof handle>[0], caller: Caller | undefined): Reply {
    settle(store);
    const headers: Record<string, string> = {};
    try {
      const { status, body, note } = handle(request, caller, headers);
      if (body === undefined) return { status, headers, text: "", note };
      return { status, headers: { ...headers, "Content-Type": JSON_API }, text: JSON.stringify(body), note };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const text = JSON.stringify(errorBody(error.problems));
      return { status: error.problems[0]?.status ?? 400, headers: { ...headers, "Content-Type": JSON_API }, text };
    }
  }

  function injected(failure: Failure, caller: Caller | undefined): Reply {
    if (caller) store.journal.of(caller.account.id).injected += 1;
    const headers: Record<string, string> = { "Content-Type": failure.html ? "text/html; charset=UTF-8" : JSON_API };
    if (failure.retryAfter !== undefined) headers["Retry-After"] = String(failure.retryAfter);
    const note = "A mode of the control API asked for this failure.";
    return { status: failure.status, headers, text: failureText(failure), note };
  }
}

function failureText({ status, body, html }: Failure): string {
  if (typeof body === "string") return body;
  if (body !== undefined) return JSON.stringify(body);
  // A Cloudflare challenge: transient, although it is a 403 (klaviyo-api-python#84).
  if (html) return "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>";
  const { code, title } = FAILURES[status] ?? { code: "error", title: "A server error occurred." };
  return JSON.stringify(errorBody([{ status, code, title, detail: title, source: { pointer: "/data/" } }]));
}
