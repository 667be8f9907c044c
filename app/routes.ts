import { index, type RouteConfig, route } from "@remix-run/route-config";

/** Every address of the app but `GET /healthz`, which express answers before Remix (web.ts). */
export default [
  index("routes/_index/route.ts"),

  // the merchant's pages, in the frame of the Shopify admin
  route("app", "routes/app/route.tsx", [
    index("routes/app._index/route.tsx"),
    route("referrals", "routes/app.referrals/route.tsx"),
    route("referrals/:id", "routes/app.referrals.$id/route.tsx"),
    route("uncounted", "routes/app.uncounted/route.tsx"),
    route("referrers", "routes/app.referrers/route.tsx"),
    route("program", "routes/app.program/route.tsx"),
    route("integrations", "routes/app.integrations/route.tsx"),
    route("integrations/:esp", "routes/app.integrations.$esp/route.ts"),
    route("deliveries", "routes/app.deliveries/route.tsx"),
    route("deliveries/:id", "routes/app.deliveries.$id/route.tsx"),
    route("events", "routes/app.events/route.tsx"),
    route("*", "routes/app.$/route.ts"),
  ]),

  // Shopify: sign-in, webhooks, the storefront through the app proxy
  route("auth/*", "routes/auth/route.ts"),
  route("webhooks", "routes/webhooks/route.ts"),
  route("webhooks/compliance", "routes/webhooks.compliance/route.ts"),
  route("proxy", "routes/proxy/route.ts"),
  route("proxy/:code", "routes/proxy.code/route.ts"),
  route("proxy/verify/:token", "routes/proxy.verify.token/route.ts"),
] satisfies RouteConfig;
