import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, expect } from "vitest";
import { createTestDatabase } from "#tests/database.ts";
import { startProcess, stopProcess } from "#tests/demo/processes.ts";
import { freePort } from "#tests/free-port.ts";
import { createKlaviyoClient, type KlaviyoClient } from "#tests/simulator/klaviyo/client.ts";
import { type Simulator, startSimulator } from "#tests/simulator/start.ts";
import { launchBrowser, type Person } from "./browser.ts";

/** The app as it is deployed, between the stand-ins and a browser. */
export type Stage = {
  readonly appUrl: string;
  /** The app's client id, by which the admin's addresses name it. */
  readonly apiKey: string;
  readonly sim: Simulator;
  readonly klaviyo: KlaviyoClient;
  /** Somebody with a browser of their own. Every error on the console of one of their pages fails the test. */
  person(name: string, options?: { readonly language?: string }): Promise<Person>;
  /**
   * From here on the pages' consoles may say this; `because` is for the reader. Not only in one test: Chromium says what
   * a frame of another site has said again when that frame loads anew.
   */
  allow(said: RegExp, because: string): void;
};

const API_KEY = "passalong-e2e";
const API_SECRET = "passalong-e2e-secret";

/**
 * Starts simulator, built app and browser for one test file, and ends them with it: call it at the top of the file.
 * Web and worker are one process on the embedded database, two on PostgreSQL (TEST_DATABASE_URL), as in production.
 * @param options.realHosts whether the browser finds Shopify under its real names; else it is a person's own browser, which
 * knows localhost only
 */
export async function openStage({ realHosts }: { readonly realHosts: boolean }): Promise<Stage> {
  const open = new AsyncDisposableStack();
  afterAll(() => open.disposeAsync(), 60_000);
  // What the processes print, and how the pages looked when a test failed.
  const results = path.resolve("test-results/e2e", path.basename(expect.getState().testPath ?? "", ".test.ts"));
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  // A file that fails while it loads runs no afterAll.
  const { sim, appUrl, browser } = await openAll(open, realHosts, results).catch(async (error) => {
    await open.disposeAsync();
    throw error;
  });

  const allowed: RegExp[] = [];
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await browser.photograph(path.join(results, task.name.replaceAll(/\W+/g, "-")));
    const said = browser.noise.splice(0);
    const unexpected = said.filter((message) => !allowed.some((pattern) => pattern.test(message)));
    expect(unexpected, "errors in the browser").toEqual([]);
  });
  return {
    appUrl,
    apiKey: API_KEY,
    sim,
    klaviyo: createKlaviyoClient(sim.urls.klaviyo),
    person: browser.person,
    allow: (said) => void allowed.push(said),
  };
}

async function openAll(open: AsyncDisposableStack, realHosts: boolean, results: string) {
  const database = await createTestDatabase();
  open.defer(database.drop);
  const port = await freePort();
  const appUrl = `http://localhost:${port}`;
  const sim = await startSimulator({
    appUrl,
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    clockOffsetFile: database.env.CLOCK_OFFSET_FILE,
    retryDelaysMs: [200, 400, 800],
  });
  open.defer(sim.close);

  const env = {
    ...database.env,
    NODE_ENV: "production",
    LOG_LEVEL: "info",
    PORT: String(port),
    SHOPIFY_API_KEY: API_KEY,
    SHOPIFY_API_SECRET: API_SECRET,
    SHOPIFY_APP_URL: appUrl,
    KLAVIYO_BASE_URL: sim.urls.klaviyo,
    SHOPIFY_SIM_PORT: String(sim.tls.port),
    SHOPIFY_SIM_CA: sim.tls.caFile,
  };
  for (const name of database.env.DATABASE_URL ? ["web", "worker"] : ["web"]) {
    const running = await startProcess(name, ["--import", "./tests/simulator/preload.mjs", `app/entry.${name}.ts`], {
      env,
      answersAt: `${appUrl}/healthz`, // the web's: a worker has no address, what it does is seen
      logFile: path.join(results, `${name}.log`),
    });
    open.defer(() => stopProcess(running));
  }

  const browser = await launchBrowser(realHosts ? sim.tls.port : null);
  open.defer(browser.close);
  return { sim, appUrl, browser };
}
