import "@shopify/shopify-app-remix/adapters/node";
import { ApiVersion, AppDistribution, LogSeverity, shopifyApp } from "@shopify/shopify-app-remix/server";
import { now } from "#app/clock.server.ts";
import { db, keyring } from "#app/db.server.ts";
import { env } from "#app/env.server.ts";
import { log } from "#app/log.server.ts";
import { enqueue } from "#app/queue/boss.ts";
import { recordInstall } from "#app/shopify/install.ts";
import { sessionStorage } from "#app/shopify/session-storage.ts";

const DAY = 86_400_000;

/**
 * Who is asking: session tokens and their exchange. Everything that is read from Shopify goes through
 * app/admin.server.ts instead, whose tokens are refreshed by one process at a time.
 */
export const { authenticate, addDocumentResponseHeaders } = shopifyApp({
  apiKey: env.SHOPIFY_API_KEY,
  apiSecretKey: env.SHOPIFY_API_SECRET,
  appUrl: env.SHOPIFY_APP_URL,
  apiVersion: ApiVersion.October26,
  distribution: AppDistribution.AppStore,
  sessionStorage: sessionStorage({ db, keyring }),
  future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
  hooks: { afterAuth: ({ session }) => install(session.shop, session.scope) },
  // Its info lines name every request; what matters we log ourselves.
  logger: { level: LogSeverity.Warning, log: async (severity, message) => writeLog(severity, message) },
});

/** Runs after every token exchange, about hourly: idempotent, and all slow work is left to the job. */
async function install(domain: string, scope: string | undefined): Promise<void> {
  const at = now();
  await db.$transaction(async (tx) => {
    const shop = await recordInstall(tx, { domain, scopes: scope?.split(",").filter(Boolean) ?? [], at });
    const isStale = !shop.syncedAt || at.getTime() - shop.syncedAt.getTime() > DAY;
    if (isStale) await enqueue(tx, "sync-shop", { shopId: shop.id });
  });
}

function writeLog(severity: LogSeverity, message: string): void {
  if (severity === LogSeverity.Error) log.error({ from: "shopify" }, message);
  else log.warn({ from: "shopify" }, message);
}
