import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useTranslation } from "react-i18next";
import { listReferrers, type ReferrerRow } from "#app/domain/referrals/list-referrers.ts";
import { merchant } from "#app/merchant.server.ts";
import { isFirst, placeOf, searchOf } from "#app/routes/app/cursor.ts";
import { ListControls, NothingFound } from "#app/routes/app/list-controls.tsx";
import { OlderAndNewer } from "#app/routes/app/older-and-newer.tsx";
import { transact } from "#app/transact.server.ts";
import { FlushCard } from "#app/ui/card.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { type Formats, formatsFor } from "#app/ui/formats.ts";
import { Page } from "#app/ui/page.tsx";
import { ReferrersTable } from "./referrers-table.tsx";

export { ProblemBoundary as ErrorBoundary } from "#app/routes/app/problem.tsx";

export const headers: HeadersFunction = (args) => boundary.headers(args);

export async function loader({ request }: LoaderFunctionArgs) {
  const { shopId, shop, locale } = await merchant(request);
  const place = placeOf(request);
  const search = searchOf(request);
  const { rows, newer, older } = await transact(shopId, (ctx) => listReferrers(ctx, { ...place, search }));
  const formats = formatsFor(locale, shop.timezone);
  return {
    referrers: rows.map((row) => shown(row, formats)),
    first: isFirst(place),
    filtered: search !== undefined,
    newer,
    older,
  };
}

/** A referrer as the page shows it. */
export type ShownReferrer = ReturnType<typeof shown>;

function shown({ joinedAt, friends, successful, revenue, ...row }: ReferrerRow, formats: Formats) {
  return {
    ...row,
    joined: formats.moment(joinedAt),
    friends: formats.number(friends),
    successful: formats.number(successful),
    revenue: formats.money(revenue),
  };
}

export default function Referrers() {
  const { t } = useTranslation();
  const { referrers, first, filtered, newer, older } = useLoaderData<typeof loader>();
  const none = referrers.length === 0 && first && !filtered;
  return (
    <Page title={t("referrers.title")} wide>
      <FlushCard>
        {none ? (
          <EmptyState title={t("referrers.empty.title")} text={t("referrers.empty.text")} />
        ) : (
          <>
            <ListControls searchLabel={t("referrers.search")} found={referrers.length} />
            {referrers.length === 0 ? <NothingFound /> : <ReferrersTable referrers={referrers} />}
          </>
        )}
        <OlderAndNewer newer={newer} older={older} />
      </FlushCard>
    </Page>
  );
}
