import { PassThrough } from "node:stream";
import {
  type ActionFunctionArgs,
  createReadableStreamFromReadable,
  type EntryContext,
  type LoaderFunctionArgs,
} from "@remix-run/node";
import { RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { log } from "#app/log.server.ts";
import { addDocumentResponseHeaders } from "#app/shopify.server.ts";

// Taken out of the build by entry.web.ts.
export { runtime } from "#app/runtime.server.ts";

/** How long data of a page may stream; rendering is given a second more to say so. */
export const streamTimeout = 5000;

/** Renders a document: streamed to people, whole to bots. */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  context: EntryContext,
): Promise<Response> {
  // frame-ancestors: which shop's admin may frame this document
  addDocumentResponseHeaders(request, headers);
  const isBot = isbot(request.headers.get("user-agent"));
  return new Promise((resolve, reject) => {
    let responseStatus = status;
    const respond = () => {
      const body = new PassThrough();
      headers.set("Content-Type", "text/html; charset=utf-8");
      resolve(new Response(createReadableStreamFromReadable(body), { headers, status: responseStatus }));
      pipe(body);
    };
    const { pipe, abort } = renderToPipeableStream(<RemixServer context={context} url={request.url} />, {
      [isBot ? "onAllReady" : "onShellReady"]: respond,
      onShellError: reject,
      onError(error) {
        responseStatus = 500;
        log.error({ err: error }, "rendering");
      },
    });
    setTimeout(abort, streamTimeout + 1000).unref();
  });
}

/** What a loader or action threw that is no Response. A request that its browser gave up is no error. */
export function handleError(error: unknown, { request }: LoaderFunctionArgs | ActionFunctionArgs): void {
  if (request.signal.aborted) return;
  log.error({ err: error, method: request.method, path: new URL(request.url).pathname }, "route");
}
