import { readFileSync } from "node:fs";
import { type Answer, text } from "../http.ts";
import type { Platform } from "./platform.ts";
import { extensionAsset } from "./storefront/extension.ts";

const read = (file: string) => readFileSync(new URL(file, import.meta.url), "utf8");
const appBridge = `${read("./app-bridge-elements.js")}\n${read("./app-bridge.js")}`;

/** What cdn.shopify.com serves that the app and the storefront use: App Bridge, the extension's assets, an empty font sheet. */
export function answerCdn(platform: Platform, pathname: string): Answer {
  const open = (answer: Answer): Answer => ({
    ...answer,
    headers: { ...answer.headers, "access-control-allow-origin": "*" },
  });
  if (pathname === "/shopifycloud/app-bridge.js") return open(text(200, appBridge, "text/javascript; charset=utf-8"));
  if (pathname.startsWith("/static/fonts/")) return open(text(200, "", "text/css"));
  const asset = extensionAsset(platform.extensionDir, pathname);
  return asset ? open(text(200, asset.body, asset.type)) : text(404, "Not on the simulated CDN");
}
