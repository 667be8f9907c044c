import { useFetcher } from "@remix-run/react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SetupGuide } from "#app/domain/stats/setup-guide.ts";
import type { ShownConnection } from "#app/routes/app/connections.ts";
import { Button } from "#app/ui/button.tsx";
import { Card } from "#app/ui/card.tsx";
import { Checklist } from "#app/ui/checklist.tsx";
import { OffEdge, Row } from "#app/ui/layout.tsx";
import { Text } from "#app/ui/text.tsx";

/** The block of our theme extension: extensions/passalong-theme/blocks/referral.liquid. */
const BLOCK = "referral";

/**
 * The theme editor, with our block about to be put on a page.
 * https://shopify.dev/docs/apps/build/online-store/theme-app-extensions/configuration#app-block-deep-linking
 */
export function themeEditor(shopDomain: string, apiKey: string): string {
  const query = new URLSearchParams({
    template: "page",
    addAppBlockId: `${apiKey}/${BLOCK}`,
    target: "newAppsSection",
  });
  return `https://${shopDomain}/admin/themes/current/editor?${query}`;
}

/** The way to the first referral. Facts tick its steps off; it goes when all are done or the merchant puts it away. */
export function Guide({
  guide,
  connections,
}: {
  guide: SetupGuide & { readonly themeEditor: string };
  connections: readonly ShownConnection[];
}) {
  const { t } = useTranslation();
  const fetcher = useFetcher();
  const [open, setOpen] = useState(true);
  const esp = connections[0]?.name ?? "";
  const steps = [
    { key: "program", done: guide.program, to: "/app/program" },
    { key: "connect", done: connections.some(({ state }) => state !== "disconnected"), to: "/app/integrations" },
    { key: "block", done: guide.block, to: guide.themeEditor },
    { key: "referral", done: guide.referral, to: null },
  ] as const;
  const next = steps.find(({ done }) => !done);
  if (!next) return null;
  const send = (intent: string) => fetcher.submit({ intent }, { method: "post" });
  if (guide.hidden) {
    return (
      <OffEdge>
        <Row>
          <Button busy={fetcher.state !== "idle"} onPress={() => send("show-guide")}>
            {t("home.guide.show")}
          </Button>
        </Row>
      </OffEdge>
    );
  }
  return (
    <Card
      title={t("home.guide.title")}
      action={
        <Row>
          <Button onPress={() => setOpen(!open)}>{t(open ? "home.guide.collapse" : "home.guide.expand")}</Button>
          <Button busy={fetcher.state !== "idle"} onPress={() => send("hide-guide")}>
            {t("home.guide.hide")}
          </Button>
        </Row>
      }
    >
      <Text tone="quiet">
        {t("home.guide.progress", { done: steps.filter(({ done }) => done).length, count: steps.length })}
      </Text>
      {open ? (
        <Checklist
          doneLabel={t("home.guide.done")}
          openLabel={t("home.guide.open")}
          steps={steps.map(({ key, done, to }) => ({
            key,
            done,
            title: t(`home.guide.${key}.title`, { esp }),
            text: t(`home.guide.${key}.text`, { esp }),
            action: to ? (
              <Button weight={key === next.key ? "primary" : "normal"} to={to}>
                {t(`home.guide.${key}.action`, { esp })}
              </Button>
            ) : null,
          }))}
        />
      ) : null}
    </Card>
  );
}
