import { CHROME } from "#tests/chrome.ts";
import type { ControlClient } from "#tests/simulator/client.ts";

/** A merchant without a browser: opens the app in the admin's frame and sends its forms. */
export function createMerchant(appUrl: string, shopify: ControlClient) {
  /** Where Remix takes the forms of a page, by its path; the home's is `/app?index`. */
  function dataOf(path: string): URL {
    const url = new URL(path, appUrl);
    url.pathname += ".data";
    return url;
  }
  return {
    /** Opens a page as the admin's frame does; the first time installs the app. */
    async open(shop: string, path = "/app"): Promise<Response> {
      const response = await fetch(await shopify.appUrl(shop, path), { headers: { "User-Agent": CHROME } });
      if (!response.ok) throw new Error(`opening ${path} of ${shop} answered ${response.status}`);
      return response;
    },
    /** Sends a form of a page, as App Bridge would: with a fresh session token. */
    async submit(shop: string, path: string, form: Record<string, string> | [string, string][]): Promise<Response> {
      return fetch(dataOf(path), {
        method: "POST",
        headers: { "User-Agent": CHROME, Authorization: `Bearer ${await shopify.idToken(shop)}` },
        body: new URLSearchParams(form),
      });
    },
    /** Sends a form of a page that saves all of it at once, as JSON. */
    async save(shop: string, path: string, form: unknown): Promise<Response> {
      const Authorization = `Bearer ${await shopify.idToken(shop)}`;
      return fetch(dataOf(path), {
        method: "POST",
        headers: { "User-Agent": CHROME, Authorization, "Content-Type": "application/json" },
        body: JSON.stringify(form),
      });
    },
    /** Whether the app knows that it has nothing to do now: no webhook to process, nothing to deliver. */
    async isIdle(): Promise<boolean> {
      const { database, waitingSeconds } = (await (await fetch(`${appUrl}/healthz`)).json()) as {
        database: "up" | "down";
        waitingSeconds: { inbox: number | null; delivery: number | null };
      };
      return database === "up" && waitingSeconds.inbox === null && waitingSeconds.delivery === null;
    },
  };
}

export type Merchant = ReturnType<typeof createMerchant>;
