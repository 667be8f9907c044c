import type { Shop } from "@prisma/client";
import { inBusinessTime, now } from "#app/clock.server.ts";
import { db } from "#app/db.server.ts";
import { keepAddress } from "#app/keep-address.server.ts";
import { readyShop } from "#app/ready-shop.server.ts";
import { recordInstall, recordVisit } from "#app/shopify/install.ts";
import { authenticate } from "#app/shopify.server.ts";

export type Merchant = {
  readonly shopId: string;
  readonly shop: Shop;
  /** Of the person in the admin, as Shopify names it: `en`, `fr-CA`. */
  readonly locale: string;
};

/**
 * Who asks for one of the merchant's pages. Their shop comes from the verified session token and nothing else. On the
 * very first page the shop's facts are read right here, because the job that does it may not have had its turn.
 * @throws Response that signs the merchant in or asks the browser to try again; let it pass
 */
export async function merchant(request: Request): Promise<Merchant> {
  keepAddress(request);
  const { session, sessionToken } = await authenticate.admin(request);
  const known = await recordVisit(db, session.shop, inBusinessTime(sessionToken.iat * 1000));
  const shop = known && !known.uninstalledAt ? known : await install(session);
  const ready = shop.syncedAt ? shop : await readyShop(shop);
  return { shopId: ready.id, shop: ready, locale: localeOf(request) };
}

/**
 * The session is stored a moment before its installation is: a request beside the first one may come in between, and an
 * installation that failed then is tried again by nobody else.
 */
function install({ shop, scope }: { shop: string; scope?: string | undefined }): Promise<Shop> {
  return db.$transaction((tx) => recordInstall(tx, { domain: shop, scopes: scope?.split(",") ?? [], at: now() }));
}

/** Shopify puts the person's locale in the address of the frame; requests from inside it say it again (send-locale.ts). */
function localeOf(request: Request): string {
  const asked = new URL(request.url).searchParams.get("locale") ?? request.headers.get("accept-language") ?? "";
  return /^[a-z]{2,3}(-[a-z0-9]{2,8})*/i.exec(asked)?.[0] ?? "en";
}
