import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useTranslation } from "react-i18next";
import { type DeliveryRow, listDeliveries } from "#app/delivery/log.ts";
import { merchant } from "#app/merchant.server.ts";
import { choiceOf, isFirst, placeOf, searchOf } from "#app/routes/app/cursor.ts";
import { ListControls, NothingFound } from "#app/routes/app/list-controls.tsx";
import { OlderAndNewer } from "#app/routes/app/older-and-newer.tsx";
import { transact } from "#app/transact.server.ts";
import { FlushCard } from "#app/ui/card.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { type Formats, formatsFor } from "#app/ui/formats.ts";
import { Page } from "#app/ui/page.tsx";
import { TextLink } from "#app/ui/text.tsx";
import { DeliveriesTable } from "./deliveries-table.tsx";

export { ProblemBoundary as ErrorBoundary } from "#app/routes/app/problem.tsx";

export const headers: HeadersFunction = (args) => boundary.headers(args);

const states = ["pending", "delivered", "rejected", "cancelled"] as const satisfies readonly DeliveryRow["state"][];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shopId, shop, locale } = await merchant(request);
  const place = placeOf(request);
  const search = searchOf(request);
  const state = choiceOf(request, "state", states);
  const filter = { ...place, state, search };
  const { rows, newer, older } = await transact(shopId, ({ tx }) => listDeliveries(tx, shopId, filter));
  const formats = formatsFor(locale, shop.timezone);
  return {
    deliveries: rows.map((row) => shown(row, formats)),
    first: isFirst(place),
    filtered: search !== undefined || state !== undefined,
    newer,
    older,
  };
}

/** A delivery as the page shows it. */
export type ShownDelivery = ReturnType<typeof shown>;

function shown({ createdAt, attempts, ...row }: DeliveryRow, formats: Formats) {
  return { ...row, time: formats.moment(createdAt), attempts: formats.number(attempts) };
}

export default function Deliveries() {
  const { t } = useTranslation();
  const { deliveries, first, filtered, newer, older } = useLoaderData<typeof loader>();
  const none = deliveries.length === 0 && first && !filtered;
  return (
    <Page title={t("deliveries.title")} wide action={<TextLink to="/app/events">{t("events.title")}</TextLink>}>
      <FlushCard>
        {none ? (
          <EmptyState title={t("deliveries.empty.title")} text={t("deliveries.empty.text")} />
        ) : (
          <>
            <ListControls
              searchLabel={t("deliveries.search")}
              found={deliveries.length}
              filter={{
                parameter: "state",
                label: t("deliveries.show.label"),
                options: [
                  { value: "", label: t("deliveries.show.all") },
                  ...states.map((state) => ({ value: state, label: t(`deliveries.state.${state}`) })),
                ],
              }}
            />
            {deliveries.length === 0 ? <NothingFound byState /> : <DeliveriesTable deliveries={deliveries} />}
          </>
        )}
        <OlderAndNewer newer={newer} older={older} />
      </FlushCard>
    </Page>
  );
}
