import type { LinksFunction, MetaFunction } from "@remix-run/node";
import { Links, Meta, Outlet, Scripts, useRouteLoaderData } from "@remix-run/react";
import type { ReactNode } from "react";
import { env } from "#app/env.server.ts";
import { i18nFor } from "#app/i18n.ts";
import type { loader as appLoader } from "#app/routes/app/route.tsx";
import { bodyStyle, styleSheets, themeClass } from "#app/ui/styles.ts";

/** Always the newest, from Shopify, and the first script of every document (Built for Shopify 3.1.1). */
const APP_BRIDGE = "https://cdn.shopify.com/shopifycloud/app-bridge.js";

/**
 * A script waits for the style sheets before it, and the parser for the script: there is no content before there are
 * styles. Chromium lays out (and measures the shift of) what it has already parsed in a frame of another site, even
 * though it paints nothing of it yet.
 */
const awaitStyles = { __html: "/* waits for the style sheets */" };

export const links: LinksFunction = () => styleSheets.map((href) => ({ rel: "stylesheet", href }));
export const meta: MetaFunction = () => [{ title: i18nFor("en").t("app.name") }];
export const loader = () => ({ apiKey: env.SHOPIFY_API_KEY });
export const shouldRevalidate = () => false;

export function Layout({ children }: { children: ReactNode }) {
  const apiKey = useRouteLoaderData<typeof loader>("root")?.apiKey;
  const language = useRouteLoaderData<typeof appLoader>("routes/app/route")?.language;
  return (
    <html lang={language ?? "en"} className={themeClass}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="shopify-api-key" content={apiKey} />
        <script src={APP_BRIDGE} />
        <Meta />
        <Links />
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant */}
        <script dangerouslySetInnerHTML={awaitStyles} />
      </head>
      <body style={bodyStyle}>
        {children}
        <Scripts />
      </body>
    </html>
  );
}

export default function Root() {
  return <Outlet />;
}

/** Only for what is no page of the merchant: those have their own (routes/app/problem.tsx). */
export function ErrorBoundary() {
  const { t } = i18nFor("en");
  return (
    <main>
      <h1>{t("problem.notFound.title")}</h1>
      <p>{t("problem.notFound.text")}</p>
    </main>
  );
}
