import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { Outlet, useLoaderData, useLocation } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useTranslation } from "react-i18next";
import { languageOf } from "#app/i18n.ts";
import { merchant } from "#app/merchant.server.ts";
import { Navigation, useLoadingBar, useSlowDestination } from "#app/ui/navigation.tsx";
import { CardsSkeleton, StatsSkeleton, TableSkeleton } from "#app/ui/skeletons.tsx";
import { PAGE_SIZE } from "./cursor.ts";
import { Frame } from "./frame.tsx";
import { ProblemBoundary } from "./problem.tsx";

export const headers: HeadersFunction = (args) => boundary.headers(args);
export const shouldRevalidate = () => false;

export async function loader({ request }: LoaderFunctionArgs) {
  const { locale } = await merchant(request);
  return { locale, language: languageOf(locale) };
}

/** Around every page of the merchant. */
export default function AppLayout() {
  return (
    <Frame locale={useLoaderData<typeof loader>().locale}>
      <Menu />
      <main>
        <CurrentPage />
      </main>
    </Frame>
  );
}

function Menu() {
  const { t } = useTranslation();
  return (
    <Navigation
      home={{ to: "/app", label: t("home.title") }}
      links={[
        { to: "/app/referrals", label: t("referrals.title") },
        { to: "/app/referrers", label: t("referrers.title") },
        { to: "/app/program", label: t("program.title") },
        { to: "/app/integrations", label: t("integrations.title") },
        { to: "/app/deliveries", label: t("deliveries.title") },
      ]}
    />
  );
}

function CurrentPage() {
  useLoadingBar();
  const destination = useSlowDestination(useLocation().pathname);
  return destination ? <PageSkeleton path={destination} /> : <Outlet />;
}

/** The shape of a page that is on its way. */
function PageSkeleton({ path }: { path: string }) {
  const { t } = useTranslation();
  switch (path) {
    case "/app":
      return <StatsSkeleton title={t("home.title")} />;
    case "/app/referrals":
      return <TableSkeleton title={t("referrals.title")} rows={PAGE_SIZE} />;
    case "/app/referrers":
      return <TableSkeleton title={t("referrers.title")} rows={PAGE_SIZE} />;
    case "/app/uncounted":
      return <TableSkeleton title={t("uncounted.title")} rows={PAGE_SIZE} />;
    case "/app/program":
      return <CardsSkeleton title={t("program.title")} />;
    case "/app/events":
      return <CardsSkeleton title={t("events.title")} wide />;
    case "/app/deliveries":
      return <TableSkeleton title={t("deliveries.title")} rows={PAGE_SIZE} />;
    case "/app/integrations":
      return <CardsSkeleton title={t("integrations.title")} />;
    default:
      return (
        <CardsSkeleton title={t(path.startsWith("/app/referrals/") ? "referral.detail" : "deliveries.detail")} wide />
      );
  }
}

/** What goes wrong before there is a layout: the sign-in itself. */
export function ErrorBoundary() {
  return (
    <Frame locale="en">
      <main>
        <ProblemBoundary />
      </main>
    </Frame>
  );
}
