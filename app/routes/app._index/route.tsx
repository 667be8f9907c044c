import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useTranslation } from "react-i18next";
import { readConnections } from "#app/delivery/connections.ts";
import { deliveryDeps } from "#app/delivery.server.ts";
import { remakeDiscounts } from "#app/domain/rewards/remake-discounts.ts";
import { readAttention } from "#app/domain/stats/attention.ts";
import { readOverview } from "#app/domain/stats/overview.ts";
import { hideSetupGuide, readSetupGuide } from "#app/domain/stats/setup-guide.ts";
import { env } from "#app/env.server.ts";
import { merchant } from "#app/merchant.server.ts";
import { shownConnection } from "#app/routes/app/connections.ts";
import { choiceOf } from "#app/routes/app/cursor.ts";
import { countFailedWebhooks, retryFailedWebhooks } from "#app/shopify/failed-webhooks.ts";
import { transact } from "#app/transact.server.ts";
import { formatsFor } from "#app/ui/formats.ts";
import { Page } from "#app/ui/page.tsx";
import { Attention } from "./attention.tsx";
import { Connections } from "./connections.tsx";
import { Guide, themeEditor } from "./guide.tsx";
import { Numbers } from "./numbers.tsx";
import { lengths } from "./periods.ts";

export { ProblemBoundary as ErrorBoundary } from "#app/routes/app/problem.tsx";

export const headers: HeadersFunction = (args) => boundary.headers(args);

export async function loader({ request }: LoaderFunctionArgs) {
  const { shopId, shop, locale } = await merchant(request);
  const length = choiceOf(request, "days", lengths) ?? "30";
  const [facts, connections] = await Promise.all([
    transact(shopId, async (ctx) => ({
      failedWebhooks: await countFailedWebhooks(ctx.tx, shopId),
      overview: await readOverview(ctx, Number(length)),
      attention: await readAttention(ctx),
      guide: await readSetupGuide(ctx),
    })),
    readConnections(deliveryDeps, shopId),
  ]);
  const { overview, attention, guide, failedWebhooks } = facts;
  const formats = formatsFor(locale, shop.timezone);
  return {
    length,
    stats: {
      referrers: formats.number(overview.referrers),
      purchases: formats.number(overview.purchases),
      successful: formats.number(overview.successful),
      revenue: formats.money(overview.revenue),
    },
    days: overview.days.map(({ date, purchases }) => ({ key: date, label: formats.day(date), value: purchases })),
    attention: { ...attention, failedWebhooks },
    guide: { ...guide, themeEditor: themeEditor(shop.domain, env.SHOPIFY_API_KEY) },
    connections: connections.map((connection) => shownConnection(connection, formats)),
  };
}

export async function action({ request }: ActionFunctionArgs) {
  const { shopId } = await merchant(request);
  const intent = (await request.formData()).get("intent");
  switch (intent) {
    case "hide-guide":
    case "show-guide":
      await transact(shopId, (ctx) => hideSetupGuide(ctx, intent === "hide-guide"));
      break;
    case "remake-discounts":
      await transact(shopId, (ctx) => remakeDiscounts(ctx));
      break;
    case "retry-webhooks":
      await transact(shopId, ({ tx }) => retryFailedWebhooks(tx, shopId));
      break;
    default:
      throw new Response(null, { status: 400 });
  }
  return data({ done: intent });
}

export default function Home() {
  const { t } = useTranslation();
  const { length, stats, days, attention, guide, connections } = useLoaderData<typeof loader>();
  return (
    <Page title={t("home.title")}>
      <Attention connections={connections} attention={attention} />
      <Guide guide={guide} connections={connections} />
      <Numbers length={length} stats={stats} days={days} />
      <Connections connections={connections} />
    </Page>
  );
}
