import { Refusal } from "../http.ts";
import { frameUrl, signIdToken } from "../shopify/id-token.ts";
import {
  changeScopes,
  createShop,
  installApp,
  type NewShop,
  type ShopChange,
  uninstallApp,
  updateShop,
} from "../shopify/platform.ts";
import type { Shop } from "../shopify/state.ts";
import { type ControlCall, type ControlRoute, isOn, type ShopSummary, shopOf, shopSummary } from "./route.ts";

async function addShop({ simulation, platform, body }: ControlCall): Promise<ShopSummary> {
  const { primaryDomainUrl, ...input }: Partial<NewShop> = body;
  const handle = String(input.handle ?? "");
  const isOwnOrigin = primaryDomainUrl !== undefined && primaryDomainUrl !== "storefront";
  const shop = createShop(platform, { ...input, handle, ...(isOwnOrigin ? { primaryDomainUrl } : {}) });
  await simulation.openStorefront(shop);
  if (primaryDomainUrl === "storefront") shop.primaryDomainUrl = platform.local.storefront(handle);
  return shopSummary(platform, shop);
}

/** Opening the app installs it, as a merchant's yes on the consent page would. */
function opened(call: ControlCall): Shop {
  const shop = shopOf(call);
  installApp(call.platform, shop);
  return shop;
}

function setScopes(call: ControlCall): ShopSummary {
  const { scopes } = call.body;
  if (!Array.isArray(scopes)) throw new Refusal(422, "scopes is a list");
  changeScopes(call.platform, shopOf(call), scopes.map(String));
  return shopSummary(call.platform, shopOf(call));
}

function changeShop(call: ControlCall): ShopSummary {
  const change: ShopChange = call.body;
  updateShop(call.platform, shopOf(call), change);
  return shopSummary(call.platform, shopOf(call));
}

/** Chosen in the theme editor. */
function setBlockSettings(call: ControlCall): Shop["blockSettings"] {
  const shop = shopOf(call);
  Object.assign(shop.blockSettings, call.body);
  return shop.blockSettings;
}

function uninstall(call: ControlCall): ShopSummary {
  uninstallApp(call.platform, shopOf(call));
  return shopSummary(call.platform, shopOf(call));
}

export const shopRoutes: ControlRoute[] = [
  ["GET", "/shops", ({ platform }) => platform.state.shops.map((shop) => shopSummary(platform, shop))],
  ["POST", "/shops", addShop],
  ["GET", "/shops/:shop", (call) => shopSummary(call.platform, shopOf(call))],
  ["PATCH", "/shops/:shop", changeShop],
  ["POST", "/shops/:shop/install", (call) => shopSummary(call.platform, opened(call))],
  ["POST", "/shops/:shop/uninstall", uninstall],
  ["POST", "/shops/:shop/scopes", setScopes],
  ["POST", "/shops/:shop/block-settings", setBlockSettings],
  [
    "GET",
    "/shops/:shop/id-token",
    (call) => ({ idToken: signIdToken(call.platform, opened(call), { expired: isOn(call.query.get("expired")) }) }),
  ],
  [
    "GET",
    "/shops/:shop/app-url",
    (call) => {
      const idToken = call.query.get("idToken") !== "false";
      return { url: frameUrl(call.platform, opened(call), call.query.get("path") ?? "/", { idToken }) };
    },
  ],
];
