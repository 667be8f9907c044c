import { randomUUID } from "node:crypto";
import http from "node:http";
import { createRequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";
import compression from "compression";
import express, { type NextFunction, type Request, type Response } from "express";
import type { Logger } from "pino";
import { boundedBody } from "./bounded-body.ts";

export type WebOptions = {
  readonly build: ServerBuild;
  /** Folder of the built client files; null when there are none (tests from source). */
  readonly clientFiles: string | null;
  readonly health: () => Promise<{ readonly healthy: boolean; readonly details: object }>;
  readonly log: Logger;
};

/** 2 MB, Shopify's webhooks are some kilobytes. */
const BODY_LIMIT = 2 * 1024 * 1024;
/** Longer than the load balancers' usual 60 s, so that they never reuse a connection that is being closed. */
const KEEP_ALIVE_MS = 65_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** The app behind a plain HTTP server: health, static files, and Remix for everything else. */
export function createWeb({ build, clientFiles, health, log }: WebOptions): http.Server {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("trust proxy", ["loopback", "linklocal", "uniquelocal"]);

  app.use((request, response, next) => {
    response.setHeader("X-Request-Id", requestId(request));
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (!server.listening) response.setHeader("Connection", "close");
    next();
  });
  app.get("/healthz", async (_request, response) => {
    const { healthy, details } = await health();
    response.status(healthy ? 200 : 503).json({ status: healthy ? "ok" : "down", ...details });
  });

  // Webhooks come by the thousand: Remix matches every request against all routes it was given, so these get few.
  app.use(
    "/webhooks",
    createRequestHandler({ build: onlyRoutes(build, /^(root|routes\/webhooks)/), mode: "production" }),
  );
  app.use(compression());
  if (clientFiles) {
    app.use("/assets", express.static(`${clientFiles}/assets`, { immutable: true, maxAge: "1y", fallthrough: false }));
    app.use(express.static(clientFiles, { maxAge: "1h", index: false }));
  }
  app.use(createRequestHandler({ build, mode: "production" }));
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    const status = statusOf(error);
    if (status >= 500) log.error({ err: error, requestId: response.getHeader("X-Request-Id") }, "request failed");
    if (response.headersSent) return next(error);
    response
      .status(status)
      .type("text/plain")
      .send(status === 404 ? "not found" : "something went wrong");
  });

  const server = http.createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    boundedBody(BODY_LIMIT, app),
  );
  return server;
}

function onlyRoutes(build: ServerBuild, ids: RegExp): ServerBuild {
  return { ...build, routes: Object.fromEntries(Object.entries(build.routes).filter(([id]) => ids.test(id))) };
}

/** The proxy's id of the request, if it sent a sensible one, so that its log and ours can be laid side by side. */
function requestId(request: Request): string {
  const given = request.get("x-request-id") ?? "";
  return /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
}

/** Of errors that know theirs, as express.static's do. */
function statusOf(error: unknown): number {
  const status = typeof error === "object" && error !== null && "status" in error ? Number(error.status) : 500;
  return status >= 400 && status < 600 ? status : 500;
}
