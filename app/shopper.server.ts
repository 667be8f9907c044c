import type { Shop } from "@prisma/client";
import { admin } from "#app/admin.server.ts";
import { db } from "#app/db.server.ts";
import type { Context } from "#app/domain/context.ts";
import type { ShopifyCustomer } from "#app/domain/people/record-customer.ts";
import { env } from "#app/env.server.ts";
import { log } from "#app/log.server.ts";
import { readCustomer } from "#app/shopify/admin/customer.ts";
import { AdminUnavailable, ReconnectNeeded } from "#app/shopify/admin/errors.ts";
import { refuse, refuseQuery } from "#app/storefront/answers.ts";
import { type ProxyRule, verifyProxyQuery } from "#app/storefront/proxy-signature.ts";
import { ShopNotReady, transact } from "#app/transact.server.ts";

/** Who is behind a request through the app proxy. */
export type Shopper = {
  readonly shop: Shop;
  /** null: not signed in */
  readonly customerGid: string | null;
  readonly signature: string;
  /** When the request came: real time. */
  readonly at: Date;
};

/**
 * Identifies shop and customer of a request through the app proxy, by its signature and nothing else.
 * @throws Response that refuses: not signed by Shopify as it stands, too old, or of a shop that has not installed the app
 */
export async function shopper(request: Request, rule: ProxyRule): Promise<Shopper> {
  const at = new Date();
  const secrets = [env.SHOPIFY_API_SECRET, env.SHOPIFY_API_SECRET_PREVIOUS].filter((secret) => secret !== undefined);
  const verdict = verifyProxyQuery(new URL(request.url).search.slice(1), rule, { secrets, now: at });
  if (!verdict.ok) {
    log.warn({ because: verdict.because }, "app proxy request refused");
    throw refuseQuery(verdict);
  }
  const { shopDomain, customerGid, pathPrefix, signature } = verdict.facts;
  const shop = await db.shop.findUnique({ where: { domain: shopDomain } });
  if (!shop || shop.uninstalledAt) throw refuse("unknown_shop", shopDomain);
  return { shop: await learnProxyPath(shop, pathPrefix), customerGid, signature, at };
}

/**
 * Runs a decision for a shopper.
 * @throws Response that refuses, if the shop is not read from Shopify yet
 */
export async function decideFor<T>({ shop }: Shopper, decide: (ctx: Context) => Promise<T>): Promise<T> {
  try {
    return await transact(shop.id, decide);
  } catch (error) {
    throw error instanceof ShopNotReady ? refuse("not_ready") : error;
  }
}

/**
 * The customer as Shopify has them; null if the shop has no such customer.
 * @throws Response that refuses, if Shopify cannot be asked now
 */
export async function readCustomerOf({ shop }: Shopper, gid: string): Promise<ShopifyCustomer | null> {
  try {
    return await readCustomer(admin(shop.domain), gid);
  } catch (error) {
    const unreachable = error instanceof AdminUnavailable || error instanceof ReconnectNeeded;
    if (unreachable) log.warn({ shopId: shop.id, because: error.name }, "customer not read");
    throw unreachable ? refuse("not_ready") : error;
  }
}

/**
 * A merchant may move the proxy (to /a, /community or /tools, and any name below): links are built with the path that
 * Shopify last said. In another language it may begin with that language, which is no part of a link.
 * https://shopify.dev/docs/apps/build/online-store/app-proxies
 */
async function learnProxyPath(shop: Shop, pathPrefix: string | null): Promise<Shop> {
  const path = /^(?:\/[a-z]{2,3}(?:-[a-z]{2,4})?)?(\/(?:a|apps|community|tools)\/[\w-]+)$/i.exec(pathPrefix ?? "")?.[1];
  if (!path || path === shop.proxyPath) return shop;
  return db.shop.update({ where: { id: shop.id }, data: { proxyPath: path } });
}
