import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { whyText } from "#app/routes/app.referrals/words.ts";
import { Card } from "#app/ui/card.tsx";
import { Text } from "#app/ui/text.tsx";
import type { ShownReferral } from "./shown.ts";

/** Whether it counts, and why or why not. */
export function Why({ referral }: { referral: ShownReferral }) {
  const { t } = useTranslation();
  const { state, review, due } = referral;
  const why = whyText(t, referral);
  return (
    <Card title={t(`referral.why.title.${state}`)}>
      <Text>{standing(t, referral)}</Text>
      {why ? <Text>{why}</Text> : null}
      {review ? <Text>{t("referral.why.review")}</Text> : null}
      {due && !review ? (
        <Text tone="quiet">{t(`referral.why.due.${state === "purchased" ? "hold" : "window"}`, { due })}</Text>
      ) : null}
    </Card>
  );
}

/** What its state means. Of an expired one, the step before says what the friend did not do. */
export function standing(t: TFunction, { state, steps }: Pick<ShownReferral, "state" | "steps">): string {
  const before = steps.at(-2)?.to;
  const unanswered = state === "expired" && (before === "invited" || before === "pending");
  return t(unanswered ? `referral.why.expired.${before}` : `referral.why.text.${state}`);
}
