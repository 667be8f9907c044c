import { useFetcher } from "@remix-run/react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Attention as Waiting } from "#app/domain/stats/attention.ts";
import { mendsItself, pausedWords } from "#app/routes/app/connection-words.ts";
import type { ShownConnection } from "#app/routes/app/connections.ts";
import { Banner } from "#app/ui/banner.tsx";
import { Button } from "#app/ui/button.tsx";
import { Card } from "#app/ui/card.tsx";
import { Row } from "#app/ui/layout.tsx";
import { Text, TextLink } from "#app/ui/text.tsx";
import { useToast } from "#app/ui/use-toast.ts";
import type { action } from "./route.tsx";

/** What the merchant should see to; nothing where all is well. */
export function Attention({
  connections,
  attention: { failedRewards, failedWebhooks, deletedDiscounts },
}: {
  connections: readonly ShownConnection[];
  attention: Waiting & { readonly failedWebhooks: number };
}) {
  const { t } = useTranslation();
  const { data, state, submit } = useFetcher<typeof action>();
  const busy = state !== "idle";
  const send = (intent: string) => submit({ intent }, { method: "post" });
  useToast(useMemo(() => (data?.done === "remake-discounts" ? { text: t("home.deleted.remade") } : null), [data, t]));
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
      {deletedDiscounts.length > 0 ? (
        <DeletedDiscounts discounts={deletedDiscounts} busy={busy} onRemake={() => send("remake-discounts")} />
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
              <Button busy={busy} onPress={() => send("retry-webhooks")}>
                {t("home.attention.webhooks.action")}
              </Button>
            </Row>
          ) : null}
        </Card>
      ) : null}
    </>
  );
}

/** Codes that do not work, and that only the merchant may want back. */
function DeletedDiscounts({
  discounts,
  busy,
  onRemake,
}: {
  discounts: Waiting["deletedDiscounts"];
  busy: boolean;
  onRemake: () => void;
}) {
  const { t } = useTranslation();
  const count = discounts.length;
  return (
    <Banner
      tone="error"
      title={t("home.deleted.title", { count })}
      action={{ label: t("home.deleted.action", { count }), busy, onPress: onRemake }}
    >
      {discounts.map(({ title, held }) => (
        <Text key={title}>{t("home.deleted.discount", { title, count: held })}</Text>
      ))}
      <Text>{t("home.deleted.text", { count })}</Text>
    </Banner>
  );
}
