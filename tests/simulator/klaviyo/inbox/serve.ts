import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { send } from "#tests/simulator/klaviyo/http.ts";
import type { Store } from "#tests/simulator/klaviyo/store.ts";
import { settle } from "#tests/simulator/klaviyo/work.ts";
import { accountPage, frontPage, missingPage, profilePage, requestsPage } from "./pages.ts";

const HTML = "text/html; charset=utf-8";

const ASSETS: Record<string, { type: string; text: string }> = {
  "/inbox/style.css": { type: "text/css; charset=utf-8", text: read("style.css") },
  "/inbox/page.js": { type: "text/javascript; charset=utf-8", text: read("page.js") },
};

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}

/** Answers a request for a page of the inbox. What was received is untrusted text, so scripts come from files only. */
export function serveInbox(store: Store, url: URL, response: ServerResponse): void {
  settle(store);
  response.setHeader(
    "Content-Security-Policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'",
  );
  response.setHeader("Cache-Control", "no-store");
  const asset = ASSETS[url.pathname];
  const page = asset ? undefined : pageAt(store, url);
  if (asset) send(response, 200, asset.type, asset.text);
  else if (page !== undefined) send(response, 200, HTML, page);
  else send(response, 404, HTML, missingPage(store));
}

function pageAt(store: Store, url: URL): string | undefined {
  if (url.pathname === "/") return frontPage(store);
  const [, accountId = "", rest = ""] = /^\/accounts\/([^/]+)(?:\/(.*))?$/.exec(url.pathname) ?? [];
  const account = store.accounts.get(accountId);
  if (!account) return undefined;
  if (rest === "") return accountPage(store, account, url.searchParams);
  if (rest === "requests") return requestsPage(store, account);
  const profile = account.profiles.get(/^profiles\/([^/]+)$/.exec(rest)?.[1] ?? "");
  return profile && profilePage(store, account, profile, url.searchParams);
}
