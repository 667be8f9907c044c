import { once } from "node:events";
import path from "node:path";
import type pg from "pg";
import { openEmbedded, openServer } from "#app/db/open.ts";
import { createTestDatabase } from "#tests/database.ts";
import { type Running, startProcess } from "#tests/demo/processes.ts";
import { freePort } from "#tests/free-port.ts";
import { type Simulator, startSimulator } from "#tests/simulator/start.ts";
import { type Line, openLine } from "./line.ts";
import type { Place } from "./world.ts";

/** The built app in processes of its own that can be killed: one with the embedded database, web and worker with a server. */
export type BuiltApp = Place & {
  readonly sim: Simulator;
  /** Between the app and the simulator. */
  readonly lines: { readonly shopify: Line; readonly klaviyo: Line };
  /** Resolves when the app answers. */
  start(): Promise<void>;
  /** @returns the exit codes; null of what was killed */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<(number | null)[]>;
  /** Looks into its database; the embedded one only while the app does not run. */
  withDatabase<T>(look: (pool: pg.Pool) => Promise<T>): Promise<T>;
  /** Ends everything. */
  close(): Promise<void>;
};

/** Starts a simulator and prepares an app for it, with a database of its own. */
export async function prepareBuiltApp(): Promise<BuiltApp> {
  const { SHOPIFY_API_KEY = "", SHOPIFY_API_SECRET = "" } = process.env;
  const database = await createTestDatabase();
  const { DATABASE_URL, DATA_DIR, CLOCK_OFFSET_FILE } = database.env;
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const sim = await startSimulator({
    appUrl: url,
    apiKey: SHOPIFY_API_KEY,
    apiSecret: SHOPIFY_API_SECRET,
    clockOffsetFile: CLOCK_OFFSET_FILE,
    retryDelaysMs: Array(60).fill(500),
  });
  const lines = {
    shopify: await openLine(sim.tls.port),
    klaviyo: await openLine(Number(new URL(sim.urls.klaviyo).port)),
  };
  const env = {
    ...database.env,
    NODE_ENV: "production",
    LOG_LEVEL: "error",
    PORT: String(port),
    SHOPIFY_APP_URL: url,
    KLAVIYO_BASE_URL: `http://localhost:${lines.klaviyo.port}`,
    SHOPIFY_SIM_PORT: String(lines.shopify.port),
    SHOPIFY_SIM_CA: sim.tls.caFile,
  };
  let running: Running[] = [];

  async function end(signal: "SIGTERM" | "SIGKILL") {
    const ended = running.map(async ({ child }) => {
      if (child.exitCode === null && child.kill(signal)) await once(child, "exit");
      return child.exitCode;
    });
    running = [];
    return Promise.all(ended);
  }

  return {
    url,
    sim,
    lines,
    async start() {
      for (const name of DATABASE_URL ? ["web", "worker"] : ["web"]) {
        const args = ["--import", "./tests/simulator/preload.mjs", `app/entry.${name}.ts`];
        const logFile = path.join(DATA_DIR, `${name}.log`);
        running.push(await startProcess(name, args, { env, answersAt: `${url}/healthz`, logFile }));
      }
    },
    end,
    async withDatabase(look) {
      const embedded = path.join(DATA_DIR, "pglite");
      const opened = await (DATABASE_URL ? openServer(DATABASE_URL, rethrow) : openEmbedded(embedded, rethrow));
      try {
        return await look(opened.pool);
      } finally {
        await opened.close();
      }
    },
    async close() {
      await end("SIGKILL");
      await Promise.all([lines.shopify.close(), lines.klaviyo.close()]);
      await sim.close();
      await database.drop();
    },
  };
}

function rethrow(error: unknown) {
  throw error;
}
