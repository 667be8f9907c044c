import { afterAll } from "vitest";
import { pool } from "#app/db.server.ts";
import { runtime } from "#app/runtime.server.ts";
import { serve } from "#app/serve.ts";
import { buildFromSource } from "#tests/build-from-source.ts";
import { CHROME } from "#tests/chrome.ts";
import { type Simulator, startSimulator } from "#tests/simulator/start.ts";
import { routeShopifyTo } from "#tests/simulator/tunnel.ts";

/** The app, run from its source in this process, with a simulated Shopify and Klaviyo beside it. */
export type TestApp = {
  readonly url: string;
  readonly sim: Simulator;
  /** Loads a page of the app as the admin's frame does (signed in by an id token), and installs the app if need be. */
  open(shop: string, path?: string): Promise<Response>;
  /** Resolves when every webhook that the simulator sends has arrived and everything that follows from it is done. */
  drain(): Promise<void>;
  /** Drains, and what failed and waits for another try has it now. */
  tryAgain(): Promise<void>;
};

/**
 * Starts simulator and app for one test file, and ends them with it: call it at the top of the file. Worker and web are one
 * process here, as with the embedded database.
 */
export async function openApp(): Promise<TestApp> {
  const { SHOPIFY_APP_URL: url = "", KLAVIYO_BASE_URL = "", CLOCK_OFFSET_FILE = null } = process.env;
  const { SHOPIFY_API_KEY: apiKey = "", SHOPIFY_API_SECRET: apiSecret = "" } = process.env;
  const sim = await startSimulator({
    appUrl: url,
    apiKey,
    apiSecret,
    clockOffsetFile: CLOCK_OFFSET_FILE,
    ports: { klaviyo: portOf(KLAVIYO_BASE_URL) },
    retryDelaysMs: [50, 100, 200],
  });
  const restoreFetch = routeShopifyTo({ port: sim.tls.port, ca: sim.tls.caPem });

  const keepDatabase = { ...runtime, closeDatabase: async () => {} };
  const options = { port: portOf(url), works: true, clientFiles: null };
  const served = await serve(await buildFromSource(), keepDatabase, options);
  afterAll(async () => {
    await served.stop();
    await restoreFetch();
    await sim.close();
  });

  async function drain() {
    // What the work does at Shopify may send webhooks again.
    for (let round = 0; round < 2; round++) {
      await sim.client.webhooksIdle();
      await served.worker?.drain();
    }
  }

  return {
    url,
    sim,
    open: async (shop, path = "/app") =>
      fetch(await sim.client.appUrl(shop, path), { headers: { "user-agent": CHROME, accept: "text/html" } }),
    drain,
    async tryAgain() {
      await drain();
      await pool.query("UPDATE pgboss.job SET start_after = now() WHERE state = 'retry'");
      await drain();
    },
  };
}

const portOf = (url: string) => Number(new URL(url).port);
