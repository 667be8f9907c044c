import type { Frame, FrameLocator, Locator, Page } from "playwright";
import type { Person } from "#tests/e2e/browser.ts";
import { appFrame, appIn, saveButton } from "#tests/e2e/visits.ts";
import { slowDown, watchVitals } from "./vitals.ts";

/** A page of the app, loaded in the admin. */
export type Visit = {
  readonly page: Page;
  readonly app: FrameLocator;
  readonly frame: Frame;
  /** How much slower the processor shall be from now on. */
  readonly setRate: (rate: number) => Promise<void>;
};

type PageToVisit = { readonly name: string; readonly path: string; readonly heading: RegExp };

/** Something a merchant does on a page, with mouse and keyboard. */
type Act = (visit: Visit, round: number) => Promise<void>;

/** How long a page is watched after it answers to the merchant, for what may still move in it. */
const QUIET_MS = 1000;
/** Between two keys of somebody who types. */
const KEY_MS = 120;
/** How long a hand rests on something before it presses the button, and how long it takes to let go. */
const HAND_MS = 100;

/** Loads a page in a browser that is as if new, and waits until it answers to the merchant and nothing happens any more. */
export async function openPage(
  { context, page }: Person,
  { slowDown: rate, address, heading }: { slowDown: number; address: string; heading: RegExp },
): Promise<Visit> {
  context.setDefaultTimeout(60_000);
  await watchVitals(context);
  const setRate = await slowDown(page, rate);
  await page.goto(address);
  const app = appIn(page);
  const title = app.getByRole("heading", { level: 1, name: heading });
  await title.waitFor();
  const frame = appFrame(page);
  // React marks what it has taken over.
  await frame.waitForFunction(() =>
    Object.keys(document.querySelector("h1") ?? {}).some((key) => key.startsWith("__reactProps")),
  );
  await page.waitForTimeout(QUIET_MS);
  return { page, app, frame, setRate };
}

/** Every page that a merchant works with; a referral and a delivery are the first of their lists. */
export async function pagesOf(
  visit: (rate: number, path: string, heading: RegExp, look: (visit: Visit) => Promise<void>) => Promise<void>,
): Promise<PageToVisit[]> {
  const lists = ["Referrals", "Referrers", "Program", "Integrations", "Deliveries"];
  const pages = [{ name: "Home", path: "/app", heading: /^Home$/ }];
  for (const name of lists) {
    pages.push({ name, path: `/app/${name.toLowerCase()}`, heading: new RegExp(`^${name}$`) });
  }
  for (const [list, name] of [
    ["Referrals", "a referral"],
    ["Deliveries", "a delivery"],
  ] as const) {
    await visit(1, `/app/${list.toLowerCase()}`, new RegExp(`^${list}$`), async ({ app }) => {
      const rows = await app.getByRole("row").count();
      if (rows !== 26) throw new Error(`${list} shows ${rows - 1} rows and not a full page`);
      const path = await app.getByRole("row").nth(1).getByRole("link").first().getAttribute("href");
      pages.push({ name, path: path ?? "", heading: /./ });
    });
  }
  return pages;
}

/** As a hand does it: the pointer is there before the button is pressed. */
async function press(target: Locator): Promise<void> {
  await target.hover();
  await target.page().waitForTimeout(HAND_MS);
  await target.click({ delay: HAND_MS });
}

const search =
  (first: string, then: string): Act =>
  async ({ page, app }) => {
    await press(app.getByRole("searchbox"));
    await page.keyboard.type(first, { delay: KEY_MS });
    // Long enough for what was typed so far to be looked for, and to be found while the rest is typed.
    await page.waitForTimeout(350);
    await page.keyboard.type(then, { delay: KEY_MS });
    // Fewer than a full page, and not nothing.
    await app.locator("tbody tr").nth(24).waitFor({ state: "detached" });
    await app.locator("tbody tr").first().waitFor();
  };

const openFilter =
  (choice: string): Act =>
  async ({ page, app, frame }) => {
    await press(app.getByRole("combobox"));
    await page.keyboard.press("ArrowDown", { delay: KEY_MS });
    await page.keyboard.press("Enter", { delay: KEY_MS });
    await frame.waitForURL(new RegExp(choice));
  };

const selectRow: Act = async ({ app }) => {
  await press(app.getByRole("row").nth(3).getByRole("checkbox"));
  await app.getByText("1 selected").waitFor();
};

const selectAll: Act = async ({ app }) => {
  await press(app.getByLabel("Select all on this page"));
  await app.getByText("25 selected").waitFor();
};

const save: Act = async ({ page, app }, round) => {
  await press(app.getByLabel("Hold"));
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(String(20 + round), { delay: KEY_MS });
  await press(saveButton(page));
  await page.getByText("The program is saved").waitFor();
};

/** What quality figures name: search, select a row, open a filter, save. */
export const interactions: readonly { readonly name: string; readonly on: string; readonly act: Act }[] = [
  { name: "search in Referrals", on: "Referrals", act: search("Hea", "th6") },
  { name: "search in Referrers", on: "Referrers", act: search("Wil", "low3") },
  { name: "search in Deliveries", on: "Deliveries", act: search("Wil", "low3") },
  { name: "select a row in Referrals", on: "Referrals", act: selectRow },
  { name: "select all in Referrals", on: "Referrals", act: selectAll },
  { name: "open a filter in Referrals", on: "Referrals", act: openFilter("show=") },
  { name: "open a filter in Deliveries", on: "Deliveries", act: openFilter("state=") },
  { name: "save Program", on: "Program", act: save },
];
