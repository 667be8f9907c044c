import path from "node:path";
import { pathToFileURL } from "node:url";
import type { ServerBuild } from "@remix-run/node";
import { serve } from "./serve.ts";
import { stopOnSignals } from "./stop-on-signals.ts";

/**
 * `npm start`: the built app behind a web server; with the embedded database also the worker. Everything of the app
 * comes out of the build, so that this process has one copy of it.
 */
const BUILD = path.resolve("build/server/index.js");

const build: ServerBuild = await import(pathToFileURL(BUILD).href);
const { runtime } = build.entry.module as typeof import("./entry.server.tsx");
const { env, log, embedded } = runtime;

try {
  const served = await serve(build, runtime, {
    port: env.PORT,
    works: embedded,
    clientFiles: path.resolve("build/client"),
  });
  stopOnSignals(served.stop, log);
  log.info({ port: served.port, worker: embedded ? "here" : "elsewhere" }, "Passalong serves");
} catch (error) {
  const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  if (!isTaken) throw error;
  process.stderr.write(`Passalong cannot start: port ${env.PORT} is in use. Set PORT to another one.\n`);
  process.exit(1);
}
