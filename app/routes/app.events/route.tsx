import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useTranslation } from "react-i18next";
import { readReference } from "#app/catalog/reference.ts";
import { merchant } from "#app/merchant.server.ts";
import { StateBadge } from "#app/ui/badge.tsx";
import { FlushCard } from "#app/ui/card.tsx";
import { Inset, OffEdge, Row, Stack } from "#app/ui/layout.tsx";
import { Page } from "#app/ui/page.tsx";
import { Heading, Text } from "#app/ui/text.tsx";
import { PropertiesTable } from "./properties-table.tsx";

export { ProblemBoundary as ErrorBoundary } from "#app/routes/app/problem.tsx";

export const headers: HeadersFunction = (args) => boundary.headers(args);

export async function loader({ request }: LoaderFunctionArgs) {
  await merchant(request);
  return readReference();
}

/** Everything that an ESP receives, as the catalogue declares it. */
export default function Events() {
  const { t } = useTranslation();
  const { events, common, profile } = useLoaderData<typeof loader>();
  return (
    <Page wide title={t("events.title")} back={{ label: t("integrations.title"), to: "/app/integrations" }}>
      <OffEdge>
        <Text tone="quiet">{t("events.about")}</Text>
      </OffEdge>
      {events.map(({ key, name, about, when, properties }) => (
        <FlushCard key={key}>
          <Inset>
            <Stack gap="close">
              <Row>
                <Heading>{name}</Heading>
                <StateBadge tone="info">{t(`events.on.${about}`)}</StateBadge>
              </Row>
              <Text>{when}</Text>
            </Stack>
          </Inset>
          <PropertiesTable label={name} properties={properties} />
        </FlushCard>
      ))}
      <FlushCard>
        <Inset>
          <Heading>{t("events.common")}</Heading>
        </Inset>
        <PropertiesTable label={t("events.common")} properties={common} />
      </FlushCard>
      <FlushCard>
        <Inset>
          <Stack gap="close">
            <Heading>{t("events.profile.title")}</Heading>
            <Text>{t("events.profile.text")}</Text>
          </Stack>
        </Inset>
        <PropertiesTable label={t("events.profile.title")} properties={profile} />
      </FlushCard>
    </Page>
  );
}
