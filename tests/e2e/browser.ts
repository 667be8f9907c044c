import { type BrowserContext, chromium, type Page } from "playwright";
import { CHROME } from "#tests/chrome.ts";
import { findBrowser } from "#tools/browser.ts";

/** Somebody with a browser of their own: nobody else's cookies, accounts or clipboard permissions. */
export type Person = { readonly context: BrowserContext; readonly page: Page };

const FLAGS = [
  "--no-sandbox", // tests may run as root in a container
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // For the whole browser: told page by page, a frame in a process of its own may ask before it has heard of it.
  `--user-agent=${CHROME}`,
];

declare global {
  interface Window {
    /** When somebody typed or clicked in the document (on what is no link), in milliseconds since 1970. */
    inputs?: number[];
  }
}

/** Has a document note what `expectGoodPage` asks it for. Runs in the document. */
function noteDoings() {
  performance.setResourceTimingBufferSize(10_000); // of 250, which a document that is not loaded anew exceeds
  const inputs: number[] = [];
  window.inputs = inputs;
  const note = ({ target, timeStamp }: Event) => {
    if (!(target instanceof Element && target.closest("a"))) inputs.push(performance.timeOrigin + timeStamp);
  };
  for (const type of ["pointerup", "keydown", "input"]) addEventListener(type, note, { capture: true });
}

/** Every name that has to be Shopify's or the shop's; the rest of the world does not exist. */
function hostRules(tlsPort: number | null): string {
  const names = tlsPort === null ? [] : ["admin.shopify.com", "cdn.shopify.com", "*.myshopify.com", "juniper.shop"];
  const mapped = names.map((name) => `MAP ${name}:443 127.0.0.1:${tlsPort}`);
  return [...mapped, "MAP * ~NOTFOUND", "EXCLUDE localhost", "EXCLUDE 127.0.0.1"].join(", ");
}

/**
 * Starts Chromium without a window.
 * @param tlsPort where Shopify's host names lead, by TLS with a certificate that nobody else trusts; null: nowhere
 */
export async function launchBrowser(tlsPort: number | null) {
  const { executablePath, env } = findBrowser();
  const browser = await chromium.launch({
    executablePath,
    env: Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined)),
    args: [...FLAGS, `--host-resolver-rules=${hostRules(tlsPort)}`],
  });
  const noise: string[] = [];

  return {
    /** What the pages' consoles said that is an error, oldest first. */
    noise,
    close: () => browser.close(),

    /** @param language as the browser asks for it: `en-US` if not given */
    async person(name: string, { language = "en-US" }: { readonly language?: string } = {}): Promise<Person> {
      const context = await browser.newContext({
        ignoreHTTPSErrors: true,
        locale: language,
        viewport: { width: 1280, height: 900 },
      });
      context.setDefaultTimeout(30_000);
      await context.addInitScript(noteDoings);
      context.on("weberror", (error) => noise.push(`${name}: ${error.error().stack}`));
      context.on("console", (message) => {
        if (message.type() !== "error") return;
        noise.push(`${name}: ${message.text()} ${message.location().url}`);
      });
      return { context, page: await context.newPage() };
    },

    /** Saves how every open page looks, beside its address. */
    async photograph(file: string): Promise<void> {
      const pages = browser.contexts().flatMap((context) => context.pages());
      for (const [i, page] of pages.entries()) await page.screenshot({ path: `${file}-${i}.png` });
    },
  };
}
