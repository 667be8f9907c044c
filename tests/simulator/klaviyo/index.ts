/** A strict, stateful stand-in for Klaviyo: its API, a control API and an inbox for people. See README.md. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createApiServer } from "./api/serve.ts";
import { control } from "./control.ts";
import { readBody, send, urlOf } from "./http.ts";
import { serveInbox } from "./inbox/serve.ts";
import type { Json } from "./json.ts";
import { invalid, Refusal } from "./refusal.ts";
import { clear, createStore, restore, save } from "./store.ts";

type KlaviyoOptions = {
  /** The simulator's clock: stamps profiles and events, judges event times and revisions. */
  now: () => Date;
  /** What `snapshot()` gave earlier. */
  state?: unknown;
  /** Called after every change, often: keep it cheap. */
  onChange?: () => void;
  /** Rate windows, waits and visibility delays are real time, whatever the simulator's clock says. For tests. */
  realTime?: () => Date;
};

type Klaviyo = {
  /** Serves `/api/…`, `/_sim/…` and the pages. */
  listener: RequestListener;
  /** Everything but modes and counters, as plain JSON data. */
  snapshot(): unknown;
  /** Forgets everything. */
  reset(): void;
};

/** @throws where `state` is not a snapshot of this version */
export function createKlaviyo({ now, state, onChange, realTime }: KlaviyoOptions): Klaviyo {
  const store = createStore({
    now,
    realTime: realTime ? () => realTime().getTime() : Date.now,
    onChange: onChange ?? (() => {}),
  });
  if (state !== undefined && state !== null) restore(store, state);
  const serveApi = createApiServer(store);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "/";
    if (path.startsWith("/api/")) return serveApi(request, response);
    if (path.startsWith("/_sim/")) return serveControl(request, response);
    serveInbox(store, urlOf(request), response);
  }

  async function serveControl(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = parse((await readBody(request)).toString());
      const answer = control(store, request.method ?? "GET", urlOf(request), body);
      if (answer === undefined) response.writeHead(204).end();
      else send(response, 200, "application/json", JSON.stringify(answer));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const places = error.problems.map(({ source }) => (source && "pointer" in source ? source.pointer : ""));
      const text = JSON.stringify({ error: `${error.message} (${places.join(", ")})` });
      send(response, error.problems[0]?.status ?? 400, "application/json", text);
    }
  }

  return {
    listener: (request, response) => {
      serve(request, response).catch((error: unknown) => {
        const text = JSON.stringify({ error: error instanceof Error ? error.stack : String(error) });
        if (response.headersSent) response.destroy();
        else send(response, 500, "application/json", text);
      });
    },
    snapshot: () => save(store),
    reset: () => clear(store),
  };
}

function parse(text: string): Json | undefined {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid("The body is not valid JSON.", "/");
    throw error;
  }
}
