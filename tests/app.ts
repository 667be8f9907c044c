import { once } from "node:events";
import { createServer } from "node:net";
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
  stop(): Promise<void>;
};

/** Admin pages answer 410 to what looks like a bot, so to Node's own name. */
export const CHROME =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

/**
 * Starts simulator and app on free ports. One per test file, before anything else imports the app: the app reads its
 * environment once. Worker and web are one process here, as with the embedded database.
 */
export async function startApp(): Promise<TestApp> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const { SHOPIFY_API_KEY: apiKey = "", SHOPIFY_API_SECRET: apiSecret = "", CLOCK_OFFSET_FILE } = process.env;
  const sim = await startSimulator({
    appUrl: url,
    apiKey,
    apiSecret,
    clockOffsetFile: CLOCK_OFFSET_FILE ?? null,
    retryDelaysMs: [50, 100, 200],
  });
  const restoreFetch = routeShopifyTo({ port: sim.tls.port, ca: sim.tls.caPem });
  Object.assign(process.env, { SHOPIFY_APP_URL: url, KLAVIYO_BASE_URL: sim.urls.klaviyo });

  const { buildFromSource } = await import("#tests/build-from-source.ts");
  const { serve } = await import("#app/serve.ts");
  const { runtime } = await import("#app/runtime.server.ts");
  // tests/setup.ts closes the database, after the last look at it.
  const withoutDatabase = { ...runtime, closeDatabase: async () => {} };
  const served = await serve(await buildFromSource(), withoutDatabase, { port, works: true, clientFiles: null });
  return {
    url,
    sim,
    open: async (shop, path = "/app") =>
      fetch(await sim.client.appUrl(shop, path), { headers: { "user-agent": CHROME, accept: "text/html" } }),
    async drain() {
      // What the work does at Shopify may send webhooks again.
      for (let round = 0; round < 2; round++) {
        await sim.client.webhooksIdle();
        await served.worker?.drain();
      }
    },
    async stop() {
      await served.stop();
      await restoreFetch();
      await sim.close();
    },
  };
}

/** A port of this machine that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || !address) throw new Error("no port");
  return address.port;
}
