import { IncomingMessage, type RequestListener } from "node:http";

/** Whoever goes on sending after this much too much is cut off instead of answered. */
const TOLERANCE = 8;

/**
 * Answers 413 to bodies of more than `limit` bytes, whether their length was announced or they come in chunks, and hands
 * everything else on. What is too much is read and thrown away first: a client that is still sending would otherwise see
 * a broken connection instead of the answer.
 */
export function boundedBody(limit: number, next: RequestListener): RequestListener {
  return async (request, response) => {
    const length = Number(request.headers["content-length"] ?? 0);
    const isChunked = request.headers["transfer-encoding"] !== undefined;
    if (!isChunked && length <= limit) return next(request, response);
    const body = await readUpTo(request, limit);
    if (body === "gone") return response.destroy();
    if (body !== "too much") return next(withBody(request, body), response);
    response.writeHead(413, { "content-type": "text/plain", connection: "close" });
    response.end("the body is larger than 2 MB");
  };
}

async function readUpTo(request: IncomingMessage, limit: number): Promise<Buffer | "too much" | "gone"> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      if (size > limit * TOLERANCE) return "gone";
    }
  } catch {
    // The client went away in the middle; there is nobody to tell.
    return "gone";
  }
  return size > limit ? "too much" : Buffer.concat(chunks);
}

/** The same request with a body that was read already. */
function withBody(request: IncomingMessage, body: Buffer): IncomingMessage {
  const { "transfer-encoding": _, ...headers } = request.headers;
  const copy = Object.assign(new IncomingMessage(request.socket), {
    method: request.method,
    url: request.url,
    httpVersion: request.httpVersion,
    httpVersionMajor: request.httpVersionMajor,
    httpVersionMinor: request.httpVersionMinor,
    headers: { ...headers, "content-length": String(body.byteLength) },
    complete: true,
  });
  copy.push(body);
  copy.push(null);
  return copy;
}
