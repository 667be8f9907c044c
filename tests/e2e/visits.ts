import type { Frame, FrameLocator, Locator, Page } from "playwright";
import { expect } from "vitest";
import type { NewAccount } from "#tests/simulator/klaviyo/client.ts";
import type { Simulator } from "#tests/simulator/start.ts";
import type { Stage } from "./stage.ts";

/** The shop of these tests, and the domain of its own that its storefront has. */
export const SHOP = "juniper";
export const SHOP_URL = "https://juniper.shop";

export type Shopper = { readonly first: string; readonly last: string; readonly email: string };
export const ocean: Shopper = { first: "Ocean", last: "Grove", email: "ocean@grovemail.shop" };
export const fern: Shopper = { first: "Fern", last: "Hollow", email: "fern@hollowmail.shop" };

/** Opens the shop, with things to buy. */
export async function openShop({ client }: Simulator, primaryDomainUrl = SHOP_URL): Promise<void> {
  await client.createShop({ handle: SHOP, name: "Juniper & Co", currency: "USD", primaryDomainUrl });
  await client.createProduct(SHOP, { title: "Linen throw", price: 9000 });
  await client.createProduct(SHOP, { title: "Juniper candle", price: 2800 });
}

/** Juniper's shop and Klaviyo, and the people of a referral, each with a browser of their own. */
export async function meet({ sim, klaviyo, person }: Stage) {
  await openShop(sim);
  const account = await klaviyo.createAccount({ organizationName: "Juniper & Co", currency: "USD" });
  const [merchant, referrer, friend] = [await person("merchant"), await person("referrer"), await person("friend")];
  return { account, merchant, referrer, friend };
}

/** Creates an account on a sign-in page of the storefront; what follows is what the shop shows then. */
export async function createAccount(page: Page, { first, last, email }: Shopper): Promise<void> {
  await page.getByLabel("First name").fill(first);
  await page.getByLabel("Last name").fill(last);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Create account" }).click();
}

/** Signs in to the shop with a new account. */
export async function signIn(page: Page, shopper: Shopper): Promise<void> {
  await page.goto(`${SHOP_URL}/account/login`);
  await createAccount(page, shopper);
  await page.getByText(`Signed in as ${shopper.first}`).waitFor();
}

/** Puts the product that the page shows into the cart, and goes to the checkout. */
export async function goToCheckout(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByRole("button", { name: "Check out" }).click();
  await page.getByRole("heading", { name: "Checkout" }).waitFor();
}

/** What the checkout takes off, as it says it. */
export function discountShownOn(page: Page): Promise<string> {
  return page.getByRole("row", { name: "Discount" }).innerText();
}

/** Pays at the checkout under one's name. */
export async function payAs(page: Page, { first, last, email }: Shopper): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("First name").fill(first);
  await page.getByLabel("Last name").fill(last);
  await page.getByRole("button", { name: "Pay now" }).click();
  await page.getByRole("heading", { name: `Thank you, ${first}!` }).waitFor();
}

/** The link that the block shows a customer, once it does. */
export async function linkShownOn(page: Page, label = "Your link"): Promise<string> {
  const field = page.getByLabel(label);
  await field.waitFor();
  // Before the style sheet is there, what has no link yet is no less visible.
  await expect.poll(() => field.inputValue()).not.toBe("");
  return field.inputValue();
}

/** Whoever has the link has the code. */
export function codeOf(link: string): string {
  return link.slice(link.lastIndexOf("/") + 1);
}

/** The discount codes that work in the shop. */
export async function liveCodes({ client }: Simulator): Promise<string[]> {
  return (await client.discounts(SHOP)).flatMap(({ codes }) => codes.map(({ code }) => code));
}

/** Where the admin shows the app. */
export const APP_FRAME = "#app-frame";

/** The app in the admin's frame. */
export function appIn(page: Page): FrameLocator {
  return page.frameLocator(APP_FRAME);
}

/** The frame itself, once the app is in it. */
export function appFrame(page: Page): Frame {
  const frame = page.frame({ name: "app-iframe" });
  if (!frame) throw new Error(`no app in ${page.url()}`);
  return frame;
}

/**
 * Waits for a page of the app itself, not its skeleton with the same title, and until its script runs: before, React may
 * lose what is typed, and a link loads a document.
 */
export async function pageOpen(page: Page, title: string): Promise<void> {
  const heading = appIn(page).getByRole("heading", { level: 1, name: title });
  await heading.waitFor();
  const frame = appFrame(page);
  await frame.waitForFunction(() => {
    const listens = Object.keys(document.querySelector("h1") ?? {}).some((key) => key.startsWith("__react"));
    return listens && !document.querySelector(".Polaris-SkeletonBodyText");
  });
}

/** Opens the app in the admin, at its home. */
export async function openHome(page: Page, adminUrl: string): Promise<void> {
  await page.goto(adminUrl);
  await pageOpen(page, "Home");
}

/** Loads the admin, and the page of the app in it, anew. */
export async function reload(page: Page, title: string): Promise<void> {
  await page.reload();
  await pageOpen(page, title);
}

/** Agrees to what the app asks for. */
export async function install(page: Page, adminUrl: string): Promise<void> {
  await page.goto(adminUrl);
  await page.getByText("read_orders").waitFor();
  await page.getByRole("button", { name: "Install" }).click();
  await pageOpen(page, "Home");
}

/** Goes to a page of the app by the admin's menu. */
export async function openFromMenu(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "Admin" }).getByRole("link", { name, exact: true }).click();
  await pageOpen(page, name);
}

/** Fills in Klaviyo's keys; the admin then offers to save them. */
export async function pasteKeys(page: Page, publicKey: string, privateKey: string): Promise<void> {
  const app = appIn(page);
  await app.getByLabel("Public API key").fill(publicKey);
  await app.getByLabel("Private API key").fill(privateKey);
}

/** Connects a Klaviyo account on the Integrations page. */
export async function connectKlaviyo(page: Page, { publicKey, privateKey }: NewAccount): Promise<void> {
  await pasteKeys(page, publicKey, privateKey);
  await saveButton(page).click();
  await page.getByText("Klaviyo is connected").waitFor();
}

/** The figure that the app's home shows under a name. */
export function figureOnHome(page: Page, name: string): Promise<string> {
  const heading = appIn(page).getByRole("heading", { name, exact: true });
  return heading.locator("xpath=following-sibling::p[1]").innerText();
}

/** The bar of the admin for unsaved changes. */
export function saveButton(page: Page): Locator {
  return page.getByRole("button", { name: "Save", exact: true });
}

/** The error beside a field, found as a screen reader finds it. */
export async function errorAt(page: Page, label: string): Promise<string> {
  const field = appIn(page).getByRole("textbox", { name: label, exact: true });
  await field.and(appIn(page).locator("[aria-invalid=true]")).waitFor();
  const described = (await field.getAttribute("aria-describedby")) ?? "";
  const texts = described.split(" ").map((id) => appIn(page).locator(`[id="${id}"]`).innerText());
  return (await Promise.all(texts)).join(" ");
}

/** The values of definition lists, by term, once there is one and its document is whole. */
export async function factsIn(list: Locator): Promise<Record<string, string>> {
  await list.first().waitFor();
  await list.page().waitForLoadState();
  const terms = await list.locator("dt").allInnerTexts();
  const values = await list.locator("dd").allInnerTexts();
  expect(values).toHaveLength(terms.length);
  return Object.fromEntries(terms.map((term, i) => [term.trim(), values[i]?.trim() ?? ""]));
}
