import { expect, test } from "vitest";
import { expectGoodPage } from "./inspect.ts";
import { openStage } from "./stage.ts";
import {
  appIn,
  createAccount,
  install,
  linkShownOn,
  ocean,
  openFromMenu,
  openShop,
  pasteKeys,
  SHOP,
  saveButton,
} from "./visits.ts";

/** What `npm run demo` promises: a person's own browser, which finds no Shopify but this machine, can do all of it. */
const stage = await openStage({ realHosts: false });
const { sim, klaviyo, apiKey } = stage;

test("a person's own browser shows the app in the simulated admin, and connects Klaviyo there", async () => {
  await openShop(sim, "storefront");
  const account = await klaviyo.createAccount({ organizationName: "Juniper & Co" });
  const { page } = await stage.person("merchant");
  await install(page, `${sim.urls.admin}/store/${SHOP}/apps/${apiKey}`);
  await expectGoodPage(page);

  await openFromMenu(page, "Integrations");
  await page.waitForURL(`${sim.urls.admin}/store/${SHOP}/apps/${apiKey}/app/integrations`);
  await pasteKeys(page, account.publicKey, account.privateKey);
  await saveButton(page).click();
  await page.getByText("Klaviyo is connected").waitFor();
  await page.reload();
  await appIn(page).getByText("Connected", { exact: true }).waitFor();
});

test("and the storefront, the link and the offer behind it", async () => {
  const { page } = await stage.person("customer");
  const shopUrl = sim.urls.storefront(SHOP);
  await page.goto(`${shopUrl}/account/login?return_to=/pages/refer`);
  await createAccount(page, ocean);
  const link = await linkShownOn(page);
  expect(link).toMatch(new RegExp(`^${shopUrl}/apps/passalong/OCEAN`));
  await page.goto(link);
  await page.getByRole("heading", { name: "A friend gives you 10% off" }).waitFor();
});
