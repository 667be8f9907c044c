import { readFileSync } from "node:fs";
import { type Html, html, scriptJson, trusted } from "../html.ts";
import type { Answer } from "../http.ts";
import type { Platform } from "./platform.ts";
import type { Shop } from "./state.ts";

const css = trusted(readFileSync(new URL("./admin.css", import.meta.url), "utf8"));
const hostScript = trusted(readFileSync(new URL("./admin-host.js", import.meta.url), "utf8"));

/** The frame around every admin page. `current` marks the entry of the navigation. */
function adminPage(
  platform: Platform,
  shop: Shop,
  page: { title: string; current: string; body: Html; status?: number },
): Answer {
  const entry = (path: string, label: string) =>
    html`<li><a href="/store/${shop.handle}${path}"${page.current === path && trusted(' aria-current="page"')}>${label}</a></li>`;
  const appPath = `/apps/${platform.app.apiKey}`;
  const markup = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title} · Simulated Shopify admin</title>
<style>${css}</style>
</head>
<body>
<header class="top">
<a href="/"><strong>Simulated Shopify</strong></a><span>${shop.name}</span>
<div class="save-bar" id="save-bar" hidden><span>Unsaved changes</span>
<button type="button" id="discard-button">Discard</button><button type="button" class="primary" id="save-button">Save</button></div>
</header>
<nav class="side" aria-label="Admin"><ul>
${entry("/orders", "Orders")}${entry("/customers", "Customers")}${entry("/products", "Products")}${entry("/discounts", "Discounts")}
<li><a href="${shop.primaryDomainUrl}">Online store</a></li></ul>
<strong>Apps</strong><ul>${entry(appPath, platform.app.toml.name)}<li><ul id="app-nav"></ul></li></ul></nav>
<main>${page.body}</main>
<div class="toasts" id="toasts" role="status"></div>
<div class="loading" id="loading" hidden></div>
<dialog id="dialog"></dialog>
</body>
</html>`;
  return { status: page.status ?? 200, headers: { "content-type": "text/html; charset=utf-8" }, body: markup.markup };
}

/** A page of the admin's own. */
export function nativePage(
  platform: Platform,
  shop: Shop,
  page: { title: string; current: string; body: Html; error?: string | null; status?: number },
): Answer {
  const alert = page.error ? html`<p class="error" role="alert">${page.error}</p>` : null;
  const body = html`<div class="native"><h1>${page.title}</h1>${alert}${page.body}</div>`;
  return adminPage(platform, shop, { ...page, body });
}

/** The page that frames the app. `src` is what the frame loads. */
export function framePage(platform: Platform, shop: Shop, src: string): Answer {
  const config = {
    handle: shop.handle,
    apiKey: platform.app.apiKey,
    appOrigin: new URL(src).origin,
    scopes: shop.grantedScopes,
  };
  const name = platform.app.toml.name;
  const body = html`<div class="title-bar" id="title-bar"><strong>${name}</strong></div>
<iframe id="app-frame" name="app-iframe" title="${name}" src="${src}" allow="clipboard-write"></iframe>
<script type="application/json" id="simulated-admin">${scriptJson(config)}</script>
<script>addEventListener("DOMContentLoaded", () => {${hostScript}});</script>`;
  return adminPage(platform, shop, { title: name, current: `/apps/${platform.app.apiKey}`, body });
}
