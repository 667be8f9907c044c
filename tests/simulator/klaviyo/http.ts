import type { IncomingMessage, ServerResponse } from "node:http";
import { MAX_BODY_BYTES } from "./endpoints.ts";

/** The whole body; of a body larger than any endpoint takes, just enough to see that it is too large. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      if (length <= MAX_BODY_BYTES) chunks.push(chunk);
      length += chunk.length;
    });
    request.on("end", () => resolve(Buffer.concat(chunks)));
    request.on("error", reject);
  });
}

/** The URL as the client sees it, so that links lead back to the same host. */
export function urlOf(request: IncomingMessage): URL {
  return new URL(`http://${request.headers.host ?? "localhost"}${request.url ?? "/"}`);
}

/** Sends text with its type and length. */
export function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(text) });
  response.end(text);
}
