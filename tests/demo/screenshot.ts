/**
 * `node tests/demo/screenshot.ts`, beside a running demo (the same SIM_PORT): takes the README's picture of the merchant's
 * referrals anew.
 */
import { statSync } from "node:fs";
import { launchBrowser } from "#tests/e2e/browser.ts";
import { createControlClient } from "#tests/simulator/client.ts";
import { SHOP } from "./seed.ts";

const FILE = "docs/images/referrals.png";
const simPort = Number(process.env.SIM_PORT ?? 4400);

const shop = await createControlClient(`http://localhost:${simPort}`)
  .shop(SHOP)
  .catch(() => null);
if (!shop) {
  console.error(`No demo runs with SIM_PORT=${simPort}. Start it with: npm run demo`);
  process.exit(1);
}

const browser = await launchBrowser(null);
try {
  const { page } = await browser.person("merchant");
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${shop.adminUrl}/app/referrals`);
  await page.frameLocator("#app-frame").getByRole("row").nth(1).waitFor();
  await page.screenshot({ path: FILE });
} finally {
  await browser.close();
}
console.log(`${FILE}, ${Math.ceil(statSync(FILE).size / 1000)} kB`);
