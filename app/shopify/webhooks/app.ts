import { z } from "zod";
import { ReconnectNeeded } from "#app/shopify/admin/errors.ts";
import { readScopes } from "#app/shopify/admin/shop.ts";
import { recordUninstall, syncShop } from "#app/shopify/install.ts";
import { offlineSessionId } from "#app/shopify/sessions.ts";
import { done, ignored, type Topic, type WebhookDeps } from "./topic.ts";

const shopBody = z.object({ myshopify_domain: z.string() });

/**
 * app/uninstalled. Nothing is believed: the body must name the shop (a header could be anybody's), it must be younger
 * than the installation and the last visit (webhooks come late, merchants reinstall), and the tokens must really be dead.
 */
export const appUninstalled: Topic = {
  lane: () => null,
  handle: async (deps, { shop, body, triggeredAt }) => {
    if (shopBody.parse(body).myshopify_domain.toLowerCase() !== shop.domain) return ignored("not_this_shops");
    if (triggeredAt && triggeredAt < shop.installedAt) return ignored("older_than_installation");
    // Asked before the last visit is looked at: dead tokens are forgotten by it, so the next visit exchanges new ones.
    if (await stillAnswers(deps, shop.domain)) return ignored("still_installed");
    const recorded = await deps.db.$transaction((tx) => recordUninstall(tx, shop, { at: deps.now(), triggeredAt }));
    return recorded ? done("uninstalled") : ignored("older_than_visit");
  },
};

async function stillAnswers({ admin }: WebhookDeps, domain: string): Promise<boolean> {
  try {
    await readScopes(admin(domain));
    return true;
  } catch (error) {
    if (error instanceof ReconnectNeeded) return false;
    throw error;
  }
}

/** app/scopes_update: the scopes are what Shopify says now, not what the payload says. */
export const scopesUpdated: Topic = {
  lane: () => null,
  handle: async ({ admin, db }, { shop }) => {
    const scopes = await readScopes(admin(shop.domain));
    await db.shop.update({ where: { id: shop.id }, data: { scopes } });
    await db.session.updateMany({ where: { id: offlineSessionId(shop.domain) }, data: { scope: scopes.join(",") } });
    return done("scopes_read");
  },
};

/** shop/update: its name, address or domain changed; what they are now is read from Shopify. */
export const shopUpdated: Topic = {
  lane: () => null,
  handle: async ({ admin, db, now }, { shop }) => {
    await syncShop({ db, admin: admin(shop.domain), now }, shop.id);
    return done("facts_read");
  },
};
