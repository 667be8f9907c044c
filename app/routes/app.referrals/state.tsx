import { useTranslation } from "react-i18next";
import type { ReferralRow } from "#app/domain/referrals/list-referrals.ts";
import { StateBadge } from "#app/ui/badge.tsx";
import { Row } from "#app/ui/layout.tsx";
import { stateTones } from "./words.ts";

/** Where a referral is, and whether it waits for the merchant. */
export function ReferralState({ state, review }: Pick<ReferralRow, "state" | "review">) {
  const { t } = useTranslation();
  return (
    <Row>
      <StateBadge tone={stateTones[state]}>{t(`referrals.state.${state}`)}</StateBadge>
      {review ? <StateBadge tone="waiting">{t("referrals.review")}</StateBadge> : null}
    </Row>
  );
}
