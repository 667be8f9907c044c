import { mustFindShop, type Platform } from "../shopify/platform.ts";
import { permanentDomain, type Shop } from "../shopify/state.ts";

/** What the control API can do beyond the platform itself. */
export interface Simulation {
  platform: Platform;
  openStorefront(shop: Shop): Promise<void>;
  reset(): Promise<void>;
  addresses(): Record<string, unknown>;
}

export interface ControlCall {
  simulation: Simulation;
  platform: Platform;
  /** Values of the `:names` in the pattern. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** As the client sent it; what acts on it checks what matters. */
  body: Record<string, unknown>;
}

export type ControlRoute = [method: string, pattern: string, run: (call: ControlCall) => unknown];

/** The shop named in the path. */
export const shopOf = ({ platform, params }: ControlCall): Shop => mustFindShop(platform, params.shop ?? "");

/** A shop as the control API shows it. */
export function shopSummary(platform: Platform, shop: Shop) {
  const { id, handle, name, currency, primaryDomainUrl, installedAt, grantedScopes } = shop;
  return {
    id,
    handle,
    name,
    currency,
    primaryDomainUrl,
    installed: installedAt !== null,
    grantedScopes,
    /** {handle}.myshopify.com */
    domain: permanentDomain(shop),
    /** Plain http, for a person's browser. */
    storefrontUrl: platform.local.storefront(handle),
    adminUrl: `${platform.local.admin}/store/${handle}/apps/${platform.app.apiKey}`,
  };
}

export type ShopSummary = ReturnType<typeof shopSummary>;

export const isOn = (value: string | null): boolean => value !== null && value !== "false" && value !== "0";
