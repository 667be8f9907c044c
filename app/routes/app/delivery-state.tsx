import { useTranslation } from "react-i18next";
import type { DeliveryRow } from "#app/delivery/log.ts";
import { isTextKey } from "#app/i18n.ts";
import { type BadgeTone, StateBadge } from "#app/ui/badge.tsx";
import { Text } from "#app/ui/text.tsx";

const tones = {
  pending: "waiting",
  delivered: "good",
  rejected: "bad",
  cancelled: "neutral",
} as const satisfies Record<DeliveryRow["state"], BadgeTone>;

export function DeliveryState({ state }: Pick<DeliveryRow, "state">) {
  const { t } = useTranslation();
  return <StateBadge tone={tones[state]}>{t(`deliveries.state.${state}`)}</StateBadge>;
}

/** Why a delivery stands as it does: our own reasons in the merchant's language, the ESP's as it gave them. */
export function DeliveryReason({ reason }: Pick<DeliveryRow, "reason">) {
  const { t } = useTranslation();
  if (!reason) return null;
  const key = `deliveries.reason.${reason}`;
  return <Text tone="quiet">{isTextKey(key) ? t(key) : reason}</Text>;
}
