import { isRouteErrorResponse, useRouteError } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useTranslation } from "react-i18next";
import { Button } from "#app/ui/button.tsx";
import { Card } from "#app/ui/card.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { Page } from "#app/ui/page.tsx";

/** Every page's ErrorBoundary: Shopify's own answers (a script that signs the merchant in) as they are, else a calm page. */
export function ProblemBoundary() {
  const error = useRouteError();
  if (isRouteErrorResponse(error) && error.status < 400) return boundary.error(error);
  return <Problem kind={isRouteErrorResponse(error) && error.status === 404 ? "notFound" : "failed"} />;
}

function Problem({ kind }: { kind: "notFound" | "failed" }) {
  const { t } = useTranslation();
  return (
    <Page title={t("app.name")}>
      <Card>
        <EmptyState
          title={t(`problem.${kind}.title`)}
          text={t(`problem.${kind}.text`)}
          action={<Button to="/app">{t("problem.home")}</Button>}
        />
      </Card>
    </Page>
  );
}
