import { useTranslation } from "react-i18next";
import type { Found, Outcome } from "#app/esps/esp.ts";
import { type BadgeTone, StateBadge } from "#app/ui/badge.tsx";
import { Card } from "#app/ui/card.tsx";
import { Facts } from "#app/ui/facts.tsx";
import { JsonView } from "#app/ui/json-view.tsx";
import { Columns } from "#app/ui/layout.tsx";
import { Text } from "#app/ui/text.tsx";
import type { ShownAttempt } from "./route.tsx";

/** A look-up that finds something is told apart from what is sent. */
type Kind = Outcome["kind"] | Found["kind"];

const tones = {
  found: "info",
  delivered: "good",
  retry: "warning",
  reconnect: "bad",
  resend: "info",
  split: "info",
  rejected: "bad",
} as const satisfies Record<Kind, BadgeTone>;

/** One call: what became of it, and exactly what was sent and answered. */
export function AttemptCard({ attempt }: { attempt: ShownAttempt }) {
  const { t } = useTranslation();
  const { number, time, outcome, because, method, url, status, duration, request, response } = attempt;
  return (
    <Card
      title={number === null ? t("deliveries.lookUp") : t("deliveries.attempt", { number })}
      badge={
        isOurs(outcome) ? <StateBadge tone={tones[outcome]}>{t(`deliveries.outcome.${outcome}`)}</StateBadge> : null
      }
    >
      {because ? <Text>{because}</Text> : null}
      <Facts
        items={[
          { label: t("deliveries.call"), value: `${method} ${url}` },
          { label: t("deliveries.status"), value: status === null ? t("deliveries.noAnswer") : String(status) },
          { label: t("deliveries.sentAt"), value: time },
          { label: t("deliveries.duration"), value: t("deliveries.milliseconds", { ms: duration }) },
        ]}
      />
      <Columns wide={2}>
        <JsonView title={t("deliveries.request")} text={request || t("deliveries.noBody")} />
        <JsonView title={t("deliveries.response")} text={response || t("deliveries.noBody")} />
      </Columns>
    </Card>
  );
}

/** The log keeps outcomes as text. */
function isOurs(outcome: string): outcome is Kind {
  return Object.hasOwn(tones, outcome);
}
