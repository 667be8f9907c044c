import type { Clock } from "../clock.ts";
import { Refusal } from "../http.ts";
import { atSecond } from "./dates.ts";
import { shopPayload } from "./shop-payload.ts";
import { gid, permanentDomain, type Shop, type ShopifyState, takeId } from "./state.ts";
import type { InstalledApp } from "./toml.ts";
import type { Webhooks } from "./webhooks.ts";

/** The addresses of the simulator for a browser that resolves no real host names. */
interface LocalAddresses {
  admin: string;
  tunnel: string;
  storefront(handle: string): string;
}

/** What every part of the simulated Shopify shares. */
export interface Platform {
  state: ShopifyState;
  clock: Clock;
  app: InstalledApp;
  webhooks: Webhooks;
  local: LocalAddresses;
  /** Folder of the theme app extension that the storefronts show. */
  extensionDir: string;
  adminApi: AdminApiMode;
}

/** What Admin API resolvers are given besides their arguments. */
export interface AdminContext {
  platform: Platform;
  shop: Shop;
}

/** Trouble on demand at the Admin API. */
interface AdminApiMode {
  /** So many of the next requests are answered THROTTLED. */
  throttle: number;
  /** `done`: the operation is carried out, and only its answer is lost. */
  fail: { status: number; times: number; operationName: string | null; done: boolean } | null;
  /** So many of the next codes of a bulk creation are refused. */
  refuseCodes: number;
  latencyMs: number;
  /** How long codes that are added or deleted in bulk take, for whoever does not ask twice. */
  bulkMs: number;
  calls: AdminApiCall[];
}

export function calmAdminApi(): AdminApiMode {
  return { throttle: 0, fail: null, refuseCodes: 0, latencyMs: 0, bulkMs: 400, calls: [] };
}

export interface AdminApiCall {
  at: string;
  shop: string;
  operationName: string | null;
  query: string;
  variables: unknown;
  status: number;
  errors: string[];
  cost: number;
}

export function findShop(platform: Platform, handle: string): Shop | undefined {
  return platform.state.shops.find((shop) => shop.handle === handle);
}

export function mustFindShop(platform: Platform, handle: string): Shop {
  const shop = findShop(platform, handle);
  if (!shop) throw new Refusal(404, `There is no shop "${handle}"`);
  return shop;
}

export interface NewShop {
  handle: string;
  name?: string;
  currency?: string;
  /** An origin, or "storefront" for the shop's own plain http storefront. Default https://{handle}.myshopify.com. */
  primaryDomainUrl?: string;
  email?: string;
  plan?: string;
  timezone?: string;
  locale?: string;
  country?: string;
  taxesIncluded?: boolean;
  taxRate?: number;
  id?: number;
  /** True skips the consent page that opening the app would show. */
  installed?: boolean;
}

export function createShop(platform: Platform, input: NewShop): Shop {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(input.handle ?? ""))
    throw new Refusal(422, `"${input.handle}" is not a shop handle`);
  if (findShop(platform, input.handle)) throw new Refusal(409, `The shop "${input.handle}" exists already`);
  const domain = `${input.handle}.myshopify.com`;
  const shop: Shop = {
    id: input.id ?? takeId(platform.state),
    handle: input.handle,
    name: input.name ?? input.handle,
    email: input.email ?? `owner@${input.handle}.test`,
    currency: input.currency ?? "USD",
    primaryDomainUrl: input.primaryDomainUrl ?? `https://${domain}`,
    plan: input.plan ?? "Basic",
    timezone: input.timezone ?? "America/New_York",
    locale: input.locale ?? "en",
    country: input.country ?? "US",
    taxesIncluded: input.taxesIncluded ?? false,
    taxRate: input.taxRate ?? 0,
    createdAt: atSecond(platform.clock.now()),
    installedAt: null,
    grantedScopes: [],
    accessTokens: [],
    refreshTokens: [],
    nextOrderNumber: 1001,
    products: [],
    customers: [],
    blockSettings: {},
    orders: [],
    discounts: [],
    codes: {},
    bulkCreations: [],
    bulkDeletions: [],
  };
  platform.state.shops.push(shop);
  if (input.installed) installApp(platform, shop);
  return shop;
}

/** Shopify-managed installation: the merchant agrees to the scopes of the toml, the app hears nothing yet. */
export function installApp(platform: Platform, shop: Shop): void {
  if (shop.installedAt) return;
  shop.installedAt = atSecond(platform.clock.now());
  shop.grantedScopes = platform.app.toml.scopes;
}

/** What a merchant can change in the settings; the currency is fixed by the first order. */
export type ShopChange = Partial<Pick<Shop, "name" | "email" | "timezone" | "primaryDomainUrl">>;

/** Changes what is given and sends `shop/update`. */
export function updateShop(platform: Platform, shop: Shop, change: ShopChange): void {
  const { name, email, timezone, primaryDomainUrl } = change;
  shop.name = name ?? shop.name;
  shop.email = email ?? shop.email;
  shop.timezone = timezone ?? shop.timezone;
  shop.primaryDomainUrl = primaryDomainUrl ?? shop.primaryDomainUrl;
  platform.webhooks.send(shop, "shop/update", shopPayload(shop, platform.clock.now()));
}

/** Every token dies at once; then the app is told. */
export function uninstallApp(platform: Platform, shop: Shop): void {
  if (!shop.installedAt) throw new Refusal(409, `The app is not installed in "${shop.handle}"`);
  Object.assign(shop, { installedAt: null, grantedScopes: [], accessTokens: [], refreshTokens: [] });
  platform.webhooks.send(shop, "app/uninstalled", shopPayload(shop, platform.clock.now()));
}

/** The merchant grants another set of scopes; existing tokens follow. */
export function changeScopes(platform: Platform, shop: Shop, scopes: string[]): void {
  if (!shop.installedAt) throw new Refusal(409, `The app is not installed in "${shop.handle}"`);
  const previous = shop.grantedScopes;
  shop.grantedScopes = scopes;
  platform.webhooks.send(shop, "app/scopes_update", {
    id: 1,
    shop_id: gid("Shop", shop.id),
    previous,
    current: scopes,
    updated_at: platform.clock.now().toISOString(),
  });
}

/** The shop that owns a host name: its permanent one or its primary domain. */
export function shopOfHost(platform: Platform, hostname: string): Shop | undefined {
  return platform.state.shops.find(
    (shop) => permanentDomain(shop) === hostname || new URL(shop.primaryDomainUrl).hostname === hostname,
  );
}
