import type { TFunction } from "i18next";
import { causeText, signalText, stateTones } from "#app/routes/app.referrals/words.ts";
import { StateBadge } from "#app/ui/badge.tsx";
import { Row } from "#app/ui/layout.tsx";
import { Text } from "#app/ui/text.tsx";
import type { Moment } from "#app/ui/timeline.tsx";
import type { ShownStep } from "./shown.ts";

/** A step of a referral's life, told. */
export function momentOf(t: TFunction, step: ShownStep): Moment {
  const { id, time, to, cause } = step;
  return {
    id,
    time,
    what: (
      <Row>
        <Text strong inline>
          {causeText(t, cause)}
        </Text>
        <StateBadge tone={stateTones[to]}>{t(`referrals.state.${to}`)}</StateBadge>
      </Row>
    ),
    details: groundsOf(t, step),
  };
}

/** On what grounds it was taken, a line each. */
export function groundsOf(t: TFunction, step: ShownStep): string[] {
  const { order, signal, code, reason, notify, holdDays, historyUnknown, cause } = step;
  return [
    order && t("referral.grounds.order", { order }),
    signal && signalText(t, signal),
    code && t("referral.grounds.code", { code }),
    historyUnknown && t("referral.grounds.historyUnknown"),
    holdDays !== null && t("referral.grounds.hold", { count: holdDays }),
    cause === "merchant_rejected" && reason && t("referral.grounds.reason", { reason }),
    notify !== null && t(notify ? "referral.grounds.told" : "referral.grounds.notTold"),
  ].filter((line): line is string => typeof line === "string" && line !== "");
}
