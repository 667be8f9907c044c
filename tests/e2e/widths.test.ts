import { beforeAll, expect, test, vi } from "vitest";
import { friend, joinAs, openShop } from "#tests/flow/world.ts";
import type { Person } from "./browser.ts";
import { expectFits, narrowTo } from "./inspect.ts";
import { openStage } from "./stage.ts";
import { appIn, openFromMenu, openHome, pageOpen, SHOP } from "./visits.ts";

/** The merchant's pages on a phone, and where the admin's menu leaves them little room. */
const stage = await openStage({ realHosts: true });
const ADMIN = `https://admin.shopify.com/store/${SHOP}/apps/passalong-e2e`;

let merchant: Person;
const app = () => appIn(merchant.page);
const fits = () => expectFits(merchant.page);

beforeAll(async () => {
  const place = { url: stage.appUrl, sim: stage.sim };
  const shop = await openShop(place, { handle: SHOP, name: "Juniper & Co", currency: "USD" });
  const { code, customer } = await joinAs(place, shop);
  const attributes = { _passalong: code };
  for (const name of ["Fern", "Bartholomew-Maximilian"]) {
    await stage.sim.client.placeOrder(SHOP, { ...friend(name), attributes });
  }
  await stage.sim.client.placeOrder(SHOP, { customerId: customer.id, attributes });
  merchant = await stage.person("merchant");
  await openHome(merchant.page, ADMIN);
  const bothOrders = async () => {
    await openFromMenu(merchant.page, "Referrers");
    await openFromMenu(merchant.page, "Referrals");
    expect(await app().getByRole("row").count()).toBe(3);
  };
  await vi.waitFor(bothOrders, { timeout: 30_000, interval: 300 });
});

test.each(["Home", "Referrals", "Referrers", "Program", "Integrations", "Deliveries"])(
  "%s fits the screen that it is read on",
  async (name) => {
    if (name === "Home") await openHome(merchant.page, ADMIN);
    else await openFromMenu(merchant.page, name);
    await fits();
  },
);

test("so does a delivery, with the long address of its look-up", async () => {
  await app().getByRole("searchbox").fill("opted in");
  await expect.poll(() => app().getByRole("row").count()).toBe(2);
  await app().getByRole("row").nth(1).getByRole("link").click();
  await app().getByRole("heading", { name: "Look-up before it is sent" }).waitFor();
  await fits();
});

test("so do a referral, its other orders and the reference of events", async () => {
  await openFromMenu(merchant.page, "Deliveries");
  await app().getByRole("link", { name: "Events and properties" }).click();
  await pageOpen(merchant.page, "Events and properties");
  await fits();
  await openFromMenu(merchant.page, "Referrals");
  await app().getByRole("row").nth(1).getByRole("link").click();
  await app().getByRole("list", { name: "Timeline" }).waitFor();
  await fits();
  await openFromMenu(merchant.page, "Referrals");
  await app().getByRole("link", { name: "Orders that don't count" }).click();
  await app().getByText("The buyer is the referrer").waitFor();
  await fits();
});

test("on a phone all referrals can be selected, by a box that is seen", async () => {
  await openFromMenu(merchant.page, "Referrals");
  await narrowTo(merchant.page, 400);
  await app().getByLabel("Select all on this page").check();
  await app().getByText("2 selected").waitFor();
});
