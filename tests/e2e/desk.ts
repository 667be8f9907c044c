import type { Request, Route } from "playwright";
import { createMerchant } from "#tests/demo/merchant.ts";
import { openShop } from "#tests/flow/world.ts";
import { expectGoodPage } from "./inspect.ts";
import type { Stage } from "./stage.ts";
import { appIn, openHome, SHOP, saveButton } from "./visits.ts";

/** A merchant of a new shop with Klaviyo, at the app's home, and what they do with its pages. */
export async function openDesk(stage: Stage) {
  const place = { url: stage.appUrl, sim: stage.sim };
  const shop = await openShop(place, { handle: SHOP, name: "Juniper & Co", currency: "USD" });
  const { page } = await stage.person("merchant");
  const adminUrl = `https://admin.shopify.com/store/${SHOP}/apps/${stage.apiKey}`;
  await openHome(page, adminUrl);
  const app = () => appIn(page);

  return {
    place,
    shop,
    page,
    adminUrl,
    app,
    button: (name: string) => app().getByRole("button", { name, exact: true }),
    heading: () => app().getByRole("heading", { level: 1 }),
    toast: (text: string) => page.getByText(text).waitFor(),
    expectGood: () => expectGoodPage(page),
    /** Presses Save in the bar for unsaved changes, which the admin shows around the app. */
    save: () => saveButton(page).click(),
    /** Until the bar is gone: before, nothing is saved, and the admin asks whoever leaves. */
    saved: () => saveButton(page).waitFor({ state: "hidden" }),
    async discard() {
      await page.getByRole("button", { name: "Discard", exact: true }).click();
      await saveButton(page).waitFor({ state: "hidden" });
    },
    /** Another tab of the merchant's, or a colleague. */
    elsewhere: () => createMerchant(stage.appUrl, stage.sim.client),
    /** What is sent there next gets no usable answer, as from a proxy whose server is away. */
    loseNext: (address: RegExp) =>
      page.route(address, (route) => route.fulfill({ status: 503, body: "away" }), { times: 1 }),
    /** What is sent there next waits. */
    async holdNext(address: RegExp) {
      const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const hold = async (route: Route) => {
        asked.resolve();
        await answer.promise;
        await route.continue();
      };
      await page.route(address, hold, { times: 1 });
      return { asked: asked.promise, release: () => answer.resolve() };
    },
    /** What is sent there from now on. */
    sentTo(address: RegExp): Request[] {
      const sent: Request[] = [];
      page.on("request", (request) => {
        if (request.method() === "POST" && address.test(request.url())) sent.push(request);
      });
      return sent;
    },
  };
}
