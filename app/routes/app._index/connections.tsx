import { useTranslation } from "react-i18next";
import { connectionTones } from "#app/routes/app/connection-words.ts";
import type { ShownConnection } from "#app/routes/app/connections.ts";
import { StateBadge } from "#app/ui/badge.tsx";
import { Card } from "#app/ui/card.tsx";
import { Facts } from "#app/ui/facts.tsx";
import { TextLink } from "#app/ui/text.tsx";

/** How each connection does. One that was never made is no news here. */
export function Connections({ connections }: { connections: readonly ShownConnection[] }) {
  const { t } = useTranslation();
  return connections
    .filter(({ state }) => state !== "disconnected")
    .map(({ esp, name, state, lastSuccess, waiting }) => (
      <Card
        key={esp}
        title={name}
        badge={<StateBadge tone={connectionTones[state]}>{t(`connection.state.${state}`)}</StateBadge>}
        action={<TextLink to="/app/deliveries">{t("home.connection.deliveries")}</TextLink>}
      >
        <Facts
          items={[
            { label: t("connection.lastSuccess"), value: lastSuccess ?? t("connection.never") },
            { label: t("connection.waiting"), value: waiting.text },
          ]}
        />
      </Card>
    ));
}
