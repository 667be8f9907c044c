import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useTranslation } from "react-i18next";
import { listUncounted } from "#app/domain/referrals/list-uncounted.ts";
import { merchant } from "#app/merchant.server.ts";
import { isFirst, placeOf, searchOf } from "#app/routes/app/cursor.ts";
import { ListControls, NothingFound } from "#app/routes/app/list-controls.tsx";
import { OlderAndNewer } from "#app/routes/app/older-and-newer.tsx";
import { transact } from "#app/transact.server.ts";
import { FlushCard } from "#app/ui/card.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatsFor } from "#app/ui/formats.ts";
import { OffEdge } from "#app/ui/layout.tsx";
import { Page } from "#app/ui/page.tsx";
import { Text } from "#app/ui/text.tsx";
import { shownUncounted } from "./shown.ts";
import { UncountedTable } from "./uncounted-table.tsx";

export { ProblemBoundary as ErrorBoundary } from "#app/routes/app/problem.tsx";

export const headers: HeadersFunction = (args) => boundary.headers(args);

export async function loader({ request }: LoaderFunctionArgs) {
  const { shopId, shop, locale } = await merchant(request);
  const search = searchOf(request);
  const place = placeOf(request);
  const { rows, newer, older } = await transact(shopId, (ctx) => listUncounted(ctx, { ...place, search }));
  const formats = formatsFor(locale, shop.timezone);
  return {
    orders: rows.map((order) => shownUncounted(order, formats)),
    first: isFirst(place),
    filtered: search !== undefined,
    newer,
    older,
  };
}

export default function Uncounted() {
  const { t } = useTranslation();
  const { orders, first, filtered, newer, older } = useLoaderData<typeof loader>();
  return (
    <Page title={t("uncounted.title")} wide back={{ label: t("referrals.title"), to: "/app/referrals" }}>
      <OffEdge>
        <Text tone="quiet">{t("uncounted.about")}</Text>
      </OffEdge>
      <FlushCard>
        {orders.length === 0 && first && !filtered ? (
          <EmptyState title={t("uncounted.empty.title")} text={t("uncounted.empty.text")} />
        ) : (
          <>
            <ListControls searchLabel={t("uncounted.search")} found={orders.length} />
            {orders.length === 0 ? <NothingFound /> : <UncountedTable orders={orders} />}
          </>
        )}
        <OlderAndNewer newer={newer} older={older} />
      </FlushCard>
    </Page>
  );
}
