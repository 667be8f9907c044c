import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";

/** One request as the simulator's handlers see it: the body is read, the URL is absolute on the host that was asked. */
export interface Incoming {
  method: string;
  url: URL;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
  /** Address of the caller, for `browser_ip` and X-Forwarded-For. */
  ip: string;
}

export interface Answer {
  status: number;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
}

export type Handle = (request: Incoming) => Answer | Promise<Answer>;

export interface Listener {
  port: number;
  close(): Promise<void>;
}

/** Thrown by a handler to answer a plain refusal: `{ error }` with the status. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(value),
  };
}

export function text(status: number, body: string | Buffer, type = "text/plain; charset=utf-8"): Answer {
  return { status, headers: { "content-type": type }, body };
}

export function redirect(location: string, status = 303): Answer {
  return { status, headers: { location } };
}

/** The body as an object, from JSON or from a form; an empty body is an empty object. */
export function bodyOf(request: Incoming): Record<string, unknown> {
  const raw = request.body.toString("utf8");
  if (raw.trim() === "") return {};
  const type = request.headers["content-type"] ?? "";
  if (type.includes("form")) return Object.fromEntries(new URLSearchParams(raw));
  try {
    const parsed: unknown = JSON.parse(raw);
    if (parsed !== null && typeof parsed === "object" && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    throw new Refusal(400, "The body is not JSON");
  }
  throw new Refusal(400, "The body is not an object");
}

const BODY_LIMIT = 20 * 1024 * 1024;

async function readBody(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Refusal(413, "The body is larger than 20 MB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Wraps a handler into a Node listener that never leaves a request unanswered. */
export function toListener(handle: Handle, scheme: "http" | "https" = "http"): http.RequestListener {
  return async (request, response) => {
    let answer: Answer;
    try {
      answer = await handle({
        method: request.method ?? "GET",
        url: new URL(request.url ?? "/", `${scheme}://${request.headers.host ?? "localhost"}`),
        headers: request.headers,
        body: await readBody(request),
        ip: request.socket.remoteAddress?.replace(/^::ffff:|^::1$/, "") || "127.0.0.1",
      });
    } catch (error) {
      answer =
        error instanceof Refusal
          ? json(error.status, { error: error.message })
          : json(500, {
              error: `The simulator failed: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
            });
    }
    response.writeHead(answer.status, answer.headers);
    response.end(request.method === "HEAD" ? undefined : answer.body);
  };
}

/** Listens on loopback; port 0 takes a free one. Rejects with Node's EADDRINUSE where the port is taken. */
export async function listen(
  listener: http.RequestListener,
  port: number,
  tls?: https.ServerOptions,
): Promise<Listener> {
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
