import { once } from "node:events";
import path from "node:path";
import type pg from "pg";
import { openEmbedded, openServer } from "#app/db/open.ts";
import { type Running, startProcess } from "#tests/demo/processes.ts";
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
  /** Looks into the test file's database; the embedded one only while the app does not run. */
  withDatabase<T>(look: (pool: pg.Pool) => Promise<T>): Promise<T>;
  /** Ends everything. */
  close(): Promise<void>;
};

/** Starts a simulator and prepares an app for it, on the database that the environment names. */
export async function prepareBuiltApp(): Promise<BuiltApp> {
  const { DATABASE_URL, DATA_DIR = "", SHOPIFY_API_KEY = "", SHOPIFY_API_SECRET = "", CLOCK_OFFSET_FILE } = process.env;
  // Below the ports that systems give to whoever asks for any.
  const port = 21_000 + Math.floor(Math.random() * 10_000);
  const url = `http://localhost:${port}`;
  const sim = await startSimulator({
    appUrl: url,
    apiKey: SHOPIFY_API_KEY,
    apiSecret: SHOPIFY_API_SECRET,
    clockOffsetFile: CLOCK_OFFSET_FILE ?? null,
    retryDelaysMs: Array(60).fill(500),
  });
  const lines = {
    shopify: await openLine(sim.tls.port),
    klaviyo: await openLine(Number(new URL(sim.urls.klaviyo).port)),
  };
  const env = {
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
      const database = await (DATABASE_URL ? openServer(DATABASE_URL, rethrow) : openEmbedded(embedded, rethrow));
      try {
        return await look(database.pool);
      } finally {
        await database.close();
      }
    },
    async close() {
      await end("SIGKILL");
      await Promise.all([lines.shopify.close(), lines.klaviyo.close()]);
      await sim.close();
    },
  };
}

function rethrow(error: unknown) {
  throw error;
}
