import { once } from "node:events";
import type http from "node:http";
import type { ServerBuild } from "@remix-run/node";
import type { Runtime } from "./runtime.server.ts";
import { createWeb } from "./web.ts";
import type { Worker } from "./worker.server.ts";

export type Served = {
  readonly port: number;
  /** Null when another process works. */
  readonly worker: Worker | null;
  /** Takes no more requests, finishes those under way and the work behind them, and closes the database. */
  stop(): Promise<void>;
};

/** A request that takes longer than this after SIGTERM is cut off. */
const FINISH_MS = 8000;

/**
 * Starts the web server, and the worker in the same process where it has to be here.
 * @param works whether this process also works; it must when the database is embedded
 * @throws Error with code EADDRINUSE when the port is taken
 */
export async function serve(
  build: ServerBuild,
  runtime: Runtime,
  options: { readonly port: number; readonly works: boolean; readonly clientFiles: string | null },
): Promise<Served> {
  const { log, readHealth } = runtime;
  let workerState = options.works ? "running" : "elsewhere";
  const server = createWeb({
    build,
    log,
    clientFiles: options.clientFiles,
    health: async () => {
      const { database, waiting } = await readHealth();
      return { healthy: database === "up", details: { database, worker: workerState, waitingSeconds: waiting } };
    },
  });
  await runtime.openJobs(options.works);
  const port = await listen(server, options.port);
  const worker = options.works ? await runtime.startWorker() : null;
  return {
    port,
    worker,
    async stop() {
      await close(server);
      workerState = "stopped";
      await worker?.stop();
      await runtime.closeQueues();
      await runtime.closeDatabase();
    },
  };
}

async function listen(server: http.Server, port: number): Promise<number> {
  server.listen(port);
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address ? address.port : port;
}

/** Connections that wait for a next request end at once, the others with their answer. */
async function close(server: http.Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  const impatience = setTimeout(() => server.closeAllConnections(), FINISH_MS);
  await closed;
  clearTimeout(impatience);
}
