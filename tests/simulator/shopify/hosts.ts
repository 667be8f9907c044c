import { type Answer, type Handle, type Incoming, text } from "../http.ts";
import { answerAdminApi } from "./admin-api.ts";
import { answerAdmin } from "./admin-pages.ts";
import { answerCdn } from "./cdn.ts";
import { answerAccessToken } from "./oauth.ts";
import { findShop, type Platform, shopOfHost } from "./platform.ts";
import { permanentDomain } from "./state.ts";
import { answerStorefront } from "./storefront/site.ts";
import type { Visits } from "./storefront/visits.ts";

/** Shopify under its real host names, by TLS: admin, CDN, every shop's permanent and primary domain. */
export function answerRealHost(platform: Platform, visits: Visits): Handle {
  return async (request) => {
    const { hostname, pathname } = request.url;
    if (hostname === "cdn.shopify.com") return answerCdn(platform, pathname);
    if (hostname === "admin.shopify.com") return answerAdmin(platform, request, platform.app.url);
    const shop = shopOfHost(platform, hostname);
    if (pathname.startsWith("/admin/")) {
      const owner = shop && permanentDomain(shop) === hostname ? shop : undefined;
      return answerAdminPaths(platform, owner, request);
    }
    if (!shop) return text(404, "Sorry, this shop is currently unavailable.");
    return answerStorefront(platform, visits, shop, request, true);
  };
}

/** What lies below https://{handle}.myshopify.com/admin. */
async function answerAdminPaths(
  platform: Platform,
  shop: ReturnType<typeof shopOfHost>,
  request: Incoming,
): Promise<Answer> {
  const { pathname } = request.url;
  const [, version] = pathname.match(/^\/admin\/api\/([^/]+)\/graphql\.json$/) ?? [];
  if (version) return answerAdminApi(platform, shop, version, request);
  if (shop && pathname === "/admin/oauth/access_token" && request.method === "POST") {
    return answerAccessToken(platform, shop, request);
  }
  return text(404, '{"errors":"Not Found"}', "application/json");
}

/** The admin, the control API and the CDN on plain http, for a person's own browser. */
export function answerLocalAdmin(platform: Platform, control: Handle): Handle {
  return (request) => {
    const { pathname } = request.url;
    if (pathname === "/_sim" || pathname.startsWith("/_sim/")) return control(request);
    if (pathname.startsWith("/cdn/")) return answerCdn(platform, pathname.slice("/cdn".length));
    return answerAdmin(platform, request, platform.local.tunnel);
  };
}

/** One shop's storefront on plain http. */
export function answerLocalStorefront(platform: Platform, visits: Visits, handle: string): Handle {
  return (request) => {
    const shop = findShop(platform, handle);
    return shop
      ? answerStorefront(platform, visits, shop, request, false)
      : text(404, "Sorry, this shop is currently unavailable.");
  };
}
