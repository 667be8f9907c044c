import { expect, test } from "vitest";
import { friend, joinAs, openShop } from "#tests/flow/world.ts";
import { openDesk } from "./desk.ts";
import { isFocused, moveFocus } from "./keyboard.ts";
import { openStage } from "./stage.ts";
import {
  APP_FRAME,
  appFrame,
  appIn,
  figureOnHome,
  liveCodes,
  openFromMenu,
  openHome,
  pageOpen,
  reload,
  SHOP,
} from "./visits.ts";

/** What a merchant does with the app's pages, day by day; each test goes on where the one before ended. */
const stage = await openStage({ realHosts: true });
const desk = await openDesk(stage);
const { place, shop, page, adminUrl, app, button, heading, toast, expectGood } = desk;
const { save, discard, elsewhere, loseNext, holdNext, sentTo } = desk;

test("a new shop's home leads through the set-up, and the guide can be put away", async () => {
  const steps = app().getByRole("heading", { level: 3 });
  await steps.first().waitFor();
  expect(await steps.allInnerTexts()).toEqual([
    "Decide what friends and referrers get",
    "Connect Klaviyo",
    "Show customers their link",
    "Get the first referral",
  ]);
  await app().getByText("1 of 4 done").waitFor();
  const editor = await app().getByRole("link", { name: "Open the theme editor" }).getAttribute("href");
  expect(editor).toContain("/admin/themes/current/editor?template=page&addAppBlockId=passalong-e2e%2Freferral");
  await expectGood();
  await button("Hide").click();
  await button("Show the set-up guide").click();
  await steps.first().waitFor();
});

test("nothing of a page is there before its styles are, so that nothing can move when they come", async () => {
  const { page } = await stage.person("waiting merchant");
  const styles = Promise.withResolvers<void>();
  await page.route(/\/assets\/styles-.*\.css$/, async (route) => {
    await styles.promise;
    await route.continue();
  });
  const asked = page.waitForRequest(/\/assets\/styles-.*\.css$/);
  await page.goto(adminUrl, { waitUntil: "commit" });
  await asked;
  await page.waitForTimeout(1000);
  expect(await appFrame(page).evaluate(() => document.querySelector("h1") !== null)).toBe(false);
  styles.resolve();
  await appIn(page).getByRole("heading", { level: 1, name: "Home" }).waitFor();
});

test.each(["Referrals", "Referrers", "Program", "Integrations", "Deliveries"])(
  "%s of a new shop says what will be there",
  async (name) => {
    await openFromMenu(page, name);
    await expectGood();
  },
);

test("a wrong term is refused beside its field, and nothing is saved", async () => {
  stage.allow(/status of 422 .*\/app\/program\.data/, "Chromium itself reports every answer that is no success");
  await openFromMenu(page, "Program");
  await app().getByLabel("Percentage").first().fill("120");
  await save();
  await app().getByText("This is too large or too long.").waitFor();
  expect(await app().getByLabel("Percentage").first().getAttribute("aria-invalid")).toBe("true");
  await expectGood();
  await discard();
  expect(await app().getByLabel("Percentage").first().inputValue()).toBe("10");
});

test("the description follows the reward until the merchant writes their own, and the program is saved", async () => {
  await app().getByLabel("Reward").first().selectOption("Amount off");
  await app().getByLabel("Amount", { exact: true }).fill("15");
  await app().getByLabel("Minimum spend").first().fill("60");
  const description = app().getByLabel("Description").first();
  expect(await description.inputValue()).toBe("$15 off first order over $60");
  await app().getByLabel("Hold").fill("14");
  await app().getByText("Referrers get their coupon 14 days after").waitFor();
  await save();
  await toast("The program is saved");
  await reload(page, "Program");
  expect(await description.inputValue()).toBe("$15 off first order over $60");
  expect(await app().getByLabel("Hold").inputValue()).toBe("14");
});

test("a friend's order appears, is found, and says why it is on hold", async () => {
  const { code, customer } = await joinAs(place, shop);
  const attributes = { _passalong: code };
  for (const name of ["Briar", "Sage", "Heath", "Fern"])
    await stage.sim.client.placeOrder(SHOP, { ...friend(name), attributes });
  await stage.sim.client.placeOrder(SHOP, { customerId: customer.id, attributes });
  const rows = async () => {
    await openFromMenu(page, "Referrers");
    await openFromMenu(page, "Referrals");
    return app().getByRole("row").count();
  };
  await expect.poll(rows).toBe(5);
  await expectGood();
  await app().getByRole("searchbox").fill("fern");
  await expect.poll(() => app().getByRole("row").count()).toBe(2);
  await app().getByRole("status").filter({ hasText: "1 result on this page" }).waitFor({ state: "attached" });
  await app().getByLabel("Show").selectOption("Successful");
  await app().getByRole("status").filter({ hasText: "0 results on this page" }).waitFor({ state: "attached" });
  await app().getByText("Search for something else, or show all states.").waitFor();
  await app().getByLabel("Show").selectOption("All states");
  await app().getByRole("row").nth(1).getByRole("link").click();
  await app().getByRole("heading", { level: 1, name: "Ocean Grove referred Fern Meadow" }).waitFor();
  await app().getByRole("heading", { name: "On hold" }).waitFor();
  expect(await app().getByRole("list", { name: "Timeline" }).innerText()).toContain("The friend's order was paid");
  await expectGood();
});

test("what is typed while a search is under way stays", async () => {
  await openFromMenu(page, "Referrals");
  const answer = Promise.withResolvers<void>();
  await page.route(/search=fe(&|$)/, async (route) => {
    await answer.promise;
    await route.continue();
  });
  const asked = page.waitForRequest(/search=fe(&|$)/);
  await app().getByRole("searchbox").pressSequentially("fe");
  await asked;
  await page.keyboard.type("rn");
  answer.resolve();
  await expect.poll(() => page.url()).toMatch(/search=fern$/);
  expect(await app().getByRole("searchbox").inputValue()).toBe("fern");
  await expect.poll(() => app().getByRole("row").count()).toBe(2);
  await app().getByRole("row").nth(1).getByRole("link").click();
});

test("a referral is rejected with a reason, which is its story from then on, and can be taken back", async () => {
  stage.allow(/status of 422 .*\/app\/referrals/, "Chromium itself reports every answer that is no success");
  await button("Reject…").click();
  await button("Reject").click();
  await app().getByText("Say why it is rejected.").waitFor();
  await expect.poll(() => isFocused(app().getByLabel("Reason"))).toBe(true);
  await app().getByLabel("Reason").fill("They live together");
  await app().getByLabel("Tell the customers").uncheck();
  const sent = sentTo(/\/app\/referrals\//);
  const answer = await holdNext(/\/app\/referrals\//);
  await app().getByLabel("Reason").press("Enter");
  await answer.asked;
  await app().getByRole("button", { name: "Reject", exact: true, disabled: true }).waitFor();
  await app().getByLabel("Reason").press("Enter");
  answer.release();
  await toast("Referral rejected");
  await expect.poll(() => isFocused(heading())).toBe(true);
  expect(sent).toHaveLength(1);
  await app().getByText("Reason: They live together").waitFor();
  await app().getByText("Marked so that your flows can leave the customers alone.").waitFor();
  await expectGood();
  await button("Take the rejection back").click();
  await toast("The rejection was taken back");
  await app().getByRole("heading", { name: "On hold" }).waitFor();
  await button("Reject…").click();
  await app().getByLabel("Reason").waitFor();
  expect(await app().getByText("Say why it is rejected.").count()).toBe(0);
  await button("Cancel").click();
});

test("a referral that was approved elsewhere meanwhile says so", async () => {
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  expect((await elsewhere().submit(SHOP, "/app/referrals", { intent: "approve", id })).status).toBe(200);
  await button("Approve").click();
  await app().getByText("It has moved on meanwhile.").waitFor();
  await app().getByRole("heading", { name: "Counted", exact: true }).waitFor();
  await expectGood();
});

test("an approval without an answer, or while Shopify is down, keeps the selection to try again", async () => {
  stage.allow(/status of 503/, "Chromium itself reports every answer that is no success");
  stage.allow(/SyntaxError/, "Remix says what it cannot read");
  await openFromMenu(page, "Referrals");
  const heath = app().getByLabel("Select the referral of Heath Meadow");
  await heath.check();
  await loseNext(/\/app\/referrals\.data/);
  await button("Approve").click();
  const lost = app().getByText("No answer: this may not be done, or in part only");
  await lost.waitFor();
  await app().getByText("1 selected").waitFor();
  await stage.sim.client.setAdminApiMode({ fail: { status: 503, times: 1000, operationName: "Order" } });
  await button("Approve").click();
  const stayed = app().getByText("1 referral stayed as it was: Shopify did not say how its order stands.");
  await stayed.waitFor();
  await stage.sim.client.setAdminApiMode({ fail: null });
  expect(await lost.count()).toBe(0);
  await app().getByText("1 selected").waitFor();
  await heath.uncheck();
  await expectGood();
  await app().getByRole("button", { name: "Dismiss notification" }).click();
  await stayed.waitFor({ state: "detached" });
});

test("the keyboard is enough to select a referral and approve it", async () => {
  await openFromMenu(page, "Referrals");
  await page.locator(APP_FRAME).focus();
  await moveFocus(app().getByLabel("Select the referral of Heath Meadow"));
  await page.keyboard.press("Space");
  await app().getByText("1 selected").waitFor();
  await moveFocus(button("Approve"), "Shift+Tab");
  await page.keyboard.press("Enter");
  await toast("Referral approved");
  await expect.poll(() => isFocused(heading())).toBe(true);
  await expectGood();
});

test("several referrals are approved at once, and those that cannot be say so until something else is selected", async () => {
  await app().getByLabel("Select all on this page").check();
  await app().getByText("4 selected").waitFor();
  await expectGood();
  await button("Approve").click();
  await toast("2 referrals approved");
  const stayed = app().getByText("2 referrals stayed as they were: their state does not allow that.");
  await stayed.waitFor();
  await expectGood();
  await app().getByLabel("Select the referral of Sage Meadow").check();
  await stayed.waitFor({ state: "detached" });
  await expect.poll(() => app().getByRole("row").nth(4).innerText()).toContain("Successful");
});

test("a referrer's name leads to their referrals only", async () => {
  await openFromMenu(page, "Referrers");
  await expectGood();
  await app().getByRole("searchbox").fill("nobody");
  await app().getByText("Search for something else.", { exact: true }).waitFor();
  await app().getByRole("searchbox").fill("");
  await app().getByRole("link", { name: "Ocean Grove" }).click();
  await app().getByText("Referrals of Ocean Grove").waitFor();
  await expect.poll(() => app().getByRole("row").count()).toBe(5);
  await expectGood();
  await app().getByRole("link", { name: "Show everyone's" }).click();
  await app().getByText("Referrals of Ocean Grove").waitFor({ state: "detached" });
});

test("an order that does not count says which rule says so", async () => {
  await app().getByRole("link", { name: "Orders that don't count" }).click();
  await app().getByText("The buyer is the referrer").waitFor();
  await expectGood();
});

test("what Klaviyo receives is chosen from its own lists and the catalogue", async () => {
  stage.allow(/status of 422 .*\/app\/integrations/, "Chromium itself reports every answer that is no success");
  await openFromMenu(page, "Integrations");
  await app().getByLabel("Referrers, when they join").selectOption("Add and subscribe");
  await save();
  await app().getByText("Choose a list.").waitFor();
  await expect.poll(() => isFocused(app().getByLabel("List for referrers"))).toBe(true);
  await app().getByLabel("List for referrers").selectOption("Referrers");
  await app().getByText("Klaviyo asks them to confirm by e-mail first.").waitFor();
  await app().getByLabel("Sent Passalong Referral").uncheck();
  await app().getByLabel("Opted In to Passalong Referrals (On the friend's profile)").uncheck();
  await expectGood();
  await save();
  await toast("The settings are saved");
  await reload(page, "Integrations");
  expect(await app().getByLabel("Sent Passalong Referral").isChecked()).toBe(false);
  await app().getByRole("link", { name: "Every event and property with examples" }).click();
  await pageOpen(page, "Events and properties");
  await expectGood();
});

test("verifying addresses comes with a warning where no ESP is told of it", async () => {
  await openFromMenu(page, "Program");
  const warning = app().getByText("Nobody sends the link that verifies an address");
  expect(await warning.count()).toBe(0);
  await app().getByLabel("Verify the friend's e-mail address").check();
  await warning.waitFor();
  await expectGood();
  await discard();
});

test("a delivery is found, and sent again on request", async () => {
  await openFromMenu(page, "Deliveries");
  await expectGood();
  await app().getByRole("searchbox").fill("opted in");
  await expect.poll(() => app().getByRole("row").count()).toBe(2);
  await app().getByRole("row").nth(1).getByRole("link").click();
  await app().getByRole("heading", { name: "Look-up before it is sent" }).waitFor();
  await app().getByText("Looked up").waitFor();
  await app().getByRole("heading", { name: "Attempt 1" }).waitFor();
  await button("Send again").click();
  await toast("It is on its way again");
  await expectGood();
});

test("home sums up the period, and shows that all is set up", async () => {
  await openHome(page, adminUrl);
  expect(await figureOnHome(page, "Referral revenue")).toBe("$360.00");
  expect(await button("Hide").count()).toBe(0);
  await button("7 days").click();
  await app().getByRole("img", { name: "4 orders by friends in 7 days" }).waitFor();
  await expectGood();
});

test("discounts that were deleted in Shopify are made again when the merchant says so", async () => {
  const { client } = stage.sim;
  const ocean = (await liveCodes(stage.sim)).find((code) => code.startsWith("OCEAN"));
  for (const { id } of await client.discounts(SHOP)) await client.deleteDiscount(SHOP, id);
  const deleted = app().getByText("Discounts of your program were deleted in Shopify");
  const shown = async () => {
    await openHome(page, adminUrl);
    return deleted.count();
  };
  await expect.poll(shown).toBe(1);
  await expectGood();
  await button("Make them again").click();
  await toast("The codes are being made again");
  await deleted.waitFor({ state: "detached" });
  await expect.poll(() => liveCodes(stage.sim)).toContain(ocean);
});

test("making discounts again a second time is news again", async () => {
  const { client } = stage.sim;
  const told = page.getByText("The codes are being made again");
  await told.waitFor({ state: "detached" });
  for (const { id } of await client.discounts(SHOP)) await client.deleteDiscount(SHOP, id);
  const deleted = app().getByText(/^(A discount|Discounts) of your program (was|were) deleted in Shopify$/);
  const shown = async () => {
    for (const period of ["30 days", "7 days"]) {
      const read = page.waitForResponse(/\/app\.data/);
      await button(period).click();
      await read;
    }
    return deleted.count();
  };
  await expect.poll(shown).toBe(1);
  await app()
    .getByRole("button", { name: /^Make (it|them) again$/ })
    .click();
  await told.waitFor();
});

test("figures stay in the format of the person's locale from page to page", async () => {
  const { page } = await stage.person("French merchant");
  await openShop(place, { handle: "menthe", currency: "EUR", locale: "fr" });
  await openHome(page, "https://admin.shopify.com/store/menthe/apps/passalong-e2e");
  expect(await figureOnHome(page, "Referral revenue")).toMatch(/^0,00\s€$/);
  await appIn(page).getByRole("button", { name: "7 days", exact: true }).click();
  await appIn(page).getByRole("img", { name: "0 orders by friends in 7 days" }).waitFor();
  expect(await figureOnHome(page, "Referral revenue")).toMatch(/^0,00\s€$/);
});
