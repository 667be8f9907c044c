import type { Page } from "playwright";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createMerchant } from "#tests/demo/merchant.ts";
import type { Person } from "./browser.ts";
import { expectGoodPage } from "./inspect.ts";
import { openStage } from "./stage.ts";
import {
  codeOf,
  createAccount,
  goToCheckout,
  linkShownOn,
  liveCodes,
  openShop,
  SHOP,
  SHOP_URL,
  type Shopper,
  signIn,
} from "./visits.ts";

/** What a shopper sees of the app: the block on a page of the theme, and the page that a link leads to. */
const stage = await openStage({ realHosts: true });
const { sim } = stage;
const BLOCK = `${SHOP_URL}/pages/refer`;

let shopper: Person;

beforeAll(async () => {
  await openShop(sim);
  await createMerchant(stage.appUrl, sim.client).open(SHOP);
  // Coupons for friends are made in advance: whoever claims is shown one at once.
  const stocked = async () => expect(await liveCodes(sim)).toContainEqual(expect.stringMatching(/^FRIEND-/));
  await vi.waitFor(stocked, { timeout: 100_000, interval: 200 });
});

beforeEach(async () => {
  shopper = await stage.person("shopper");
  await shopper.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: SHOP_URL });
});

test("whoever is not signed in is asked to, and comes back to their link", async () => {
  const { page } = shopper;
  await page.goto(BLOCK);
  const signIn = page.getByRole("link", { name: "Sign in to get your link" });
  await signIn.waitFor();
  await expectGoodPage(page);
  await signIn.click();
  await createAccount(page, customer("River"));
  await page.waitForURL(BLOCK);
  expect(await linkShownOn(page)).toContain(`${SHOP_URL}/apps/passalong/RIVER`);
  await expectGoodPage(page);
});

test("a customer who joins in two tabs at once has one link", async () => {
  const { page, context } = shopper;
  await signIn(page, customer("Hazel"));
  const tabs = await Promise.all([context.newPage(), context.newPage()]);
  await Promise.all(tabs.map((tab) => tab.goto(BLOCK)));
  const [first = "", second] = await Promise.all(tabs.map((tab) => linkShownOn(tab)));
  expect(second).toBe(first);
  await expect.poll(() => liveCodes(sim)).toContain(codeOf(first));
  expect((await liveCodes(sim)).filter((code) => code.startsWith("HAZEL"))).toEqual([codeOf(first)]);
});

test("the keyboard is enough to copy the link, and shows where it is", async () => {
  const { page } = shopper;
  await signIn(page, customer("Rowan"));
  await page.goto(BLOCK);
  const link = await linkShownOn(page);
  await tabTo(page, "Your link");
  await page.keyboard.press("Tab");
  const copy = page.getByRole("button", { name: "Copy link" });
  expect(await copy.evaluate(seenFocus)).toBe(true);
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Copied.").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  expect(await copy.evaluate(seenFocus)).toBe(true);
});

test("a customer whose link could not be loaded tries again", async () => {
  const { page } = shopper;
  stage.allow(/status of 503 .*\/apps\/passalong/, "Chromium itself reports every answer that is no success");
  await signIn(page, customer("Sage"));
  await page.route("**/apps/passalong", (route) => route.fulfill({ status: 503 }));
  await page.goto(BLOCK);
  await page.getByText("Your link could not be loaded.").waitFor();
  await expectGoodPage(page);
  await page.unroute("**/apps/passalong");
  await page.getByRole("button", { name: "Try again" }).press("Enter");
  expect(await linkShownOn(page)).toContain("/SAGE");
  expect(await page.getByRole("button", { name: "Copy link" }).evaluate(seenFocus)).toBe(true);
});

test("a German storefront speaks German, and so does the page that a link leads to", async () => {
  const { page } = shopper;
  await signIn(page, customer("Linden"));
  await page.goto(`${SHOP_URL}/de/pages/refer`);
  await page.getByRole("heading", { name: "Freunde einladen" }).waitFor();
  const link = await linkShownOn(page, "Dein Link");
  await page.getByRole("button", { name: "Link kopieren" }).click();
  await page.getByText("Kopiert.").waitFor();
  await expectGoodPage(page);

  const friend = await stage.person("German friend", { language: "de-DE" });
  await friend.page.goto(link);
  await friend.page.getByRole("heading", { name: "Von Freunden für dich: 10 % Rabatt" }).waitFor();
  await expectGoodPage(friend.page);
  await page.goto(`${link}?locale=de`);
  await page.getByRole("link", { name: "Mit 10 % Rabatt einkaufen" }).waitFor();
});

test("a link whose code nobody has says so, and leads to the shop", async () => {
  const { page } = shopper;
  stage.allow(/status of 404 .*\/apps\/passalong\/NOBODY7/, "Chromium itself reports every answer that is no success");
  const answer = await page.goto(`${SHOP_URL}/apps/passalong/NOBODY7`);
  expect(answer?.status()).toBe(404);
  await page.getByRole("heading", { name: "This link does not work any more" }).waitFor();
  await expectGoodPage(page);
  await page.getByRole("link", { name: "Go to the shop" }).click();
  await page.getByRole("heading", { name: "Welcome to Juniper & Co" }).waitFor();
});

test("a link that comes with something odd says that it cannot be read, and leads to the shop", async () => {
  const { page } = shopper;
  stage.allow(/status of 400 .*\/apps\/passalong\/NOBODY8/, "Chromium itself reports every answer that is no success");
  const answer = await page.goto(`${SHOP_URL}/apps/passalong/NOBODY8?utm_shop=1`);
  expect(answer?.status()).toBe(400);
  await page.getByRole("heading", { name: "This link cannot be read" }).waitFor();
  await expectGoodPage(page);
  await page.getByRole("link", { name: "Go to the shop" }).click();
  await page.getByRole("heading", { name: "Welcome to Juniper & Co" }).waitFor();
});

test("a customer invites a friend where the merchant lets them, and is told why not beside the field", async () => {
  const { page } = shopper;
  await signIn(page, customer("Maple"));
  await page.goto(BLOCK);
  await linkShownOn(page);
  expect(await page.getByLabel("Invite a friend by e-mail").count()).toBe(0);
  await sim.client.setBlockSettings(SHOP, { invite: true });
  await page.reload();
  const field = page.getByLabel("Invite a friend by e-mail");
  await field.fill("maple@grovemail.shop");
  await page.getByRole("button", { name: "Send invitation" }).click();
  await page.getByRole("status").getByText("This is your own address.").waitFor();
  expect(await field.evaluate(seenFocus)).toBe(true);
  await expectGoodPage(page);
  await field.fill("aspen@hollowmail.shop");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Your invitation is on its way.").waitFor();
  expect(await field.inputValue()).toBe("");
  await expectGoodPage(page);
});

test("a friend is told what is wrong with their details, gets a coupon at once, and shops with it", async () => {
  const { page } = shopper;
  const link = await linkOf("Alder");
  await page.goto(link);
  await page.getByRole("button", { name: "Get my code" }).click();
  await page.getByText("Please enter your first name.").waitFor();
  const name = page.getByLabel("First name");
  expect(await name.evaluate(seenFocus)).toBe(true);
  await name.fill("Fern");
  await page.getByLabel("E-mail address").fill("alder@grovemail.shop");
  await page.keyboard.press("Enter");
  await page.getByText("You cannot use your own link.").waitFor();
  expect(await page.getByLabel("E-mail address").evaluate(seenFocus)).toBe(true);
  await expectGoodPage(page);

  await page.getByLabel("E-mail address").fill("fern@hollowmail.shop");
  await page.getByLabel("Juniper & Co may send me news").check();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Here is your code" }).waitFor();
  const coupon = await page.getByLabel("Your code").inputValue();
  expect(coupon).toMatch(/^FRIEND-[2-9A-Z]{10}$/);
  await page.getByRole("button", { name: "Copy code" }).click();
  await page.getByRole("status").getByText("Copied.").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(coupon);
  await expectGoodPage(page);

  await page.getByRole("link", { name: "Shop now" }).click();
  await page.waitForURL(`${SHOP_URL}/?ref=${codeOf(link)}`);
  const { attributes } = await page.evaluate(async () => (await fetch("/cart.js")).json());
  expect(attributes).toEqual({ _passalong: codeOf(link), _passalong_claim: expect.stringMatching(/^rfl_/) });
  await page.getByRole("link", { name: "Linen throw" }).click();
  await goToCheckout(page);
  expect(await page.getByLabel("Discount code").inputValue()).toBe(coupon);
});

test("a friend whose browser runs no scripts gets a coupon too", async () => {
  const { page, context } = shopper;
  const link = await linkOf("Hawthorn");
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setScriptExecutionDisabled", { value: true });
  await page.goto(link);
  await page.getByLabel("First name").fill("River");
  await page.getByLabel("E-mail address").fill("hawthorn@grovemail.shop");
  await page.getByRole("button", { name: "Get my code" }).click();
  await page.getByText("You cannot use your own link.").waitFor();
  expect(await page.getByLabel("First name").inputValue()).toBe("River");
  await page.getByLabel("E-mail address").fill("river@hollowmail.shop");
  await page.getByRole("button", { name: "Get my code" }).click();
  await page.getByRole("heading", { name: "Here is your code" }).waitFor();
  const coupon = await page.getByLabel("Your code").inputValue();
  await page.getByRole("link", { name: "Shop now" }).click();
  await page.waitForURL(`${SHOP_URL}/?ref=${codeOf(link)}`);
  expect(coupon).toMatch(/^FRIEND-/);
});

/** The link of a customer who joins in a browser of their own. */
async function linkOf(first: string): Promise<string> {
  const { page } = await stage.person(first);
  await signIn(page, customer(first));
  await page.goto(BLOCK);
  return linkShownOn(page);
}

function customer(first: string): Shopper {
  return { first, last: "Grove", email: `${first.toLowerCase()}@grovemail.shop` };
}

/** Presses Tab from the top of the page until the named field has the focus. */
async function tabTo(page: Page, label: string): Promise<void> {
  const field = page.getByLabel(label);
  for (let presses = 0; presses < 20; presses++) {
    if (await field.evaluate(seenFocus)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach "${label}"`);
}

/** Whether an element has the focus and says so by an outline. Runs in the page. */
function seenFocus(element: Element): boolean {
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return element.matches(":focus-visible") && outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
}
