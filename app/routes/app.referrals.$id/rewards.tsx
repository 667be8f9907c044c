import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { isTextKey } from "#app/i18n.ts";
import { whyCodeFailed } from "#app/routes/app/coupon-words.ts";
import { NoAnswer } from "#app/routes/app/no-answer.tsx";
import { useAnswer } from "#app/routes/app/use-answer.ts";
import { type BadgeTone, StateBadge } from "#app/ui/badge.tsx";
import { Button } from "#app/ui/button.tsx";
import { Card } from "#app/ui/card.tsx";
import { Row, Stack } from "#app/ui/layout.tsx";
import { Heading, Text } from "#app/ui/text.tsx";
import { useToast } from "#app/ui/use-toast.ts";
import type { ShownReferral } from "./shown.ts";

const tones: Record<string, BadgeTone> = {
  live: "good",
  used: "good",
  issuing: "waiting",
  failed: "bad",
  deleted: "bad",
};

/** What each side was promised, and how its coupon stands. */
export function Rewards({ rewards }: { rewards: ShownReferral["rewards"] }) {
  const { t } = useTranslation();
  const { answer, busy, unanswered, dismiss, submit } = useAnswer<{ asked: number }>();
  const news = useMemo(() => (answer?.asked ? { text: t("referral.failed.retried") } : null), [answer, t]);
  useToast(news);
  return (
    <Card title={t("referral.rewards")}>
      {unanswered ? <NoAnswer to="request" onDismiss={dismiss} /> : null}
      {rewards.length === 0 ? <Text tone="quiet">{t("referral.noRewards")}</Text> : null}
      {rewards.map(({ id, role, description, code, couponState, state, expires, retriable, reason }) => {
        const standing = couponState ?? state;
        const words = `referral.coupon.${standing}`;
        return (
          <Stack key={id} gap="tight">
            <Row>
              <Heading level={3}>{t(`referral.role.${role}`)}</Heading>
              {isTextKey(words) ? <StateBadge tone={tones[standing] ?? "neutral"}>{t(words)}</StateBadge> : null}
            </Row>
            <Text>{description}</Text>
            {code ? <Text tone="quiet">{code}</Text> : null}
            {retriable ? <Text>{whyCodeFailed(t, reason)}</Text> : null}
            {expires && standing === "live" ? <Text tone="quiet">{t("referral.expires", { expires })}</Text> : null}
          </Stack>
        );
      })}
      {rewards.some(({ retriable }) => retriable) ? (
        <Row>
          <Button busy={busy} onPress={() => submit({ intent: "retry-rewards" }, { method: "post" })}>
            {t("referral.failed.retry")}
          </Button>
        </Row>
      ) : null}
    </Card>
  );
}
