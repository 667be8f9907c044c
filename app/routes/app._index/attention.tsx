import { useFetcher } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import type { Attention as Waiting } from "#app/domain/stats/attention.ts";
import { mendsItself, pausedWords } from "#app/routes/app/connection-words.ts";
import type { ShownConnection } from "#app/routes/app/connections.ts";
import { Banner } from "#app/ui/banner.tsx";
import { Button } from "#app/ui/button.tsx";
import { Card } from "#app/ui/card.tsx";
import { Row } from "#app/ui/layout.tsx";
import { Text, TextLink } from "#app/ui/text.tsx";

/** What the merchant should see to; nothing where all is well. */
export function Attention({
  connections,
  attention: { failedRewards, failedWebhooks },
}: {
  connections: readonly ShownConnection[];
  attention: Waiting & { readonly failedWebhooks: number };
}) {
  const { t } = useTranslation();
  const fetcher = useFetcher();
  const paused = connections.find(({ state }) => state === "paused");
  return (
    <>
      {paused ? (
        <Banner
          tone="error"
          title={t("connection.paused", { esp: paused.name })}
          {...(mendsItself(paused) ? {} : { action: { label: t("home.paused.action"), to: "/app/integrations" } })}
        >
          <Text>{t(pausedWords(paused), { esp: paused.name })}</Text>
          <Text>{t("home.paused.waiting", { count: paused.waiting.count, number: paused.waiting.text })}</Text>
        </Banner>
      ) : null}
      {failedRewards > 0 || failedWebhooks > 0 ? (
        <Card title={t("home.attention.title")}>
          {failedRewards > 0 ? (
            <Row spread>
              <Text inline>{t("home.attention.rewards.text", { count: failedRewards })}</Text>
              <TextLink to="/app/referrals?show=coupon_failed">{t("home.attention.rewards.action")}</TextLink>
            </Row>
          ) : null}
          {failedWebhooks > 0 ? (
            <Row spread>
              <Text inline>{t("home.attention.webhooks.text", { count: failedWebhooks })}</Text>
              <Button
                busy={fetcher.state !== "idle"}
                onPress={() => fetcher.submit({ intent: "retry-webhooks" }, { method: "post" })}
              >
                {t("home.attention.webhooks.action")}
              </Button>
            </Row>
          ) : null}
        </Card>
      ) : null}
    </>
  );
}
