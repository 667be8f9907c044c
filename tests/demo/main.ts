/**
 * `npm run demo`: the app on the embedded database beside a simulated Shopify and Klaviyo, seeded through their own
 * doors. `-- --reset` starts over. PORT (3000) and SIM_PORT (4400) choose other ports.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createControlClient } from "#tests/simulator/client.ts";
import { createKlaviyoClient } from "#tests/simulator/klaviyo/client.ts";
import { createMerchant } from "./merchant.ts";
import { isTaken, type Running, startProcess, stopProcess } from "./processes.ts";
import { SHOP, seed } from "./seed.ts";

const FOLDER = path.resolve(".data/demo");
const SEEDED = path.join(FOLDER, "seeded");
const appPort = Number(process.env.PORT ?? 3000);
const simPort = Number(process.env.SIM_PORT ?? 4400);
const appUrl = `http://localhost:${appPort}`;
const adminUrl = `http://localhost:${simPort}`;
const klaviyoUrl = `http://localhost:${simPort + 1}`;
const clockOffsetFile = path.join(FOLDER, "clock-offset");

const shopify = {
  SHOPIFY_API_KEY: "passalong-demo",
  SHOPIFY_API_SECRET: "passalong-demo-secret",
  SHOPIFY_APP_URL: appUrl,
  CLOCK_OFFSET_FILE: clockOffsetFile,
};

const running: Running[] = [];
let stopping = false;

process.on("SIGINT", () => void stop(0));
process.on("SIGTERM", () => void stop(0));

try {
  await refuseTakenPorts();
  if (process.argv.includes("--reset") || !existsSync(SEEDED)) rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  await startAll();
  if (!existsSync(SEEDED)) await seedOnce();
  await printAddresses();
} catch (error) {
  if (!stopping) {
    console.error(error instanceof Error ? error.message : error);
    await stop(1);
  }
}

async function refuseTakenPorts(): Promise<void> {
  for (const port of [appPort, simPort, simPort + 1, simPort + 2, simPort + 3, simPort + 10]) {
    if (!(await isTaken(port))) continue;
    throw new Error(
      `Port ${port} is in use; is another demo running? Stop what listens there, or choose other ports:\n` +
        "  PORT=3100 SIM_PORT=4500 npm run demo",
    );
  }
}

async function startAll(): Promise<void> {
  const simulator = await startProcess("The simulator", ["tests/simulator/main.ts"], {
    env: { ...shopify, SIM_PORT: String(simPort), SIM_STATE_FILE: path.join(FOLDER, "simulator.json") },
    answersAt: `${adminUrl}/_sim/clock`,
    logFile: path.join(FOLDER, "simulator.log"),
  });
  running.push(simulator);
  const app = await startProcess("Passalong", ["--import", "./tests/simulator/preload.mjs", "app/entry.web.ts"], {
    env: {
      ...shopify,
      PORT: String(appPort),
      DATABASE_URL: "",
      DATA_DIR: FOLDER,
      KLAVIYO_BASE_URL: klaviyoUrl,
      SHOPIFY_SIM_PORT: String(simPort + 3),
      SHOPIFY_SIM_CA: path.join(FOLDER, "simulator-ca.pem"),
    },
    answersAt: `${appUrl}/healthz`,
    logFile: path.join(FOLDER, "app.log"),
  });
  running.push(app);
  for (const { name, child, logFile } of running) {
    child.once("exit", () => {
      if (stopping) return;
      console.error(`${name} ended unexpectedly; its log says why: ${logFile}`);
      void stop(1);
    });
  }
}

async function seedOnce(): Promise<void> {
  const shopifyClient = createControlClient(adminUrl);
  console.log("A few months of referrals pass, once …");
  await seed({
    shopify: shopifyClient,
    klaviyo: createKlaviyoClient(klaviyoUrl),
    merchant: createMerchant(appUrl, shopifyClient),
  });
  writeFileSync(SEEDED, "");
}

async function printAddresses(): Promise<void> {
  const shop = await createControlClient(adminUrl).shop(SHOP);
  console.log(`
Passalong is running. Open in your browser:

  The shop's admin    ${shop.adminUrl}/app
  The storefront      ${shop.storefrontUrl}/
  Klaviyo's inbox     ${klaviyoUrl}/

Try: sign in on the storefront, open "Refer a friend", copy the link; follow it in a private window and order.
Referral, coupon and Klaviyo follow within seconds. Ctrl-C stops everything; logs are in ${path.relative(".", FOLDER)}.
`);
}

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  // The app first: it finishes what it is doing while the stand-ins still answer.
  for (const process of running.toReversed()) await stopProcess(process);
  process.exit(code);
}
