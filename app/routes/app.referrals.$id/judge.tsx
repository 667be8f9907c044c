import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { NoAnswer } from "#app/routes/app/no-answer.tsx";
import { RejectForm } from "#app/routes/app.referrals/reject-form.tsx";
import { useJudgement } from "#app/routes/app.referrals/use-judgement.ts";
import { Banner } from "#app/ui/banner.tsx";
import { Button } from "#app/ui/button.tsx";
import { Card } from "#app/ui/card.tsx";
import { Row } from "#app/ui/layout.tsx";
import { Text } from "#app/ui/text.tsx";
import type { ShownReferral } from "./shown.ts";

/** What the merchant may do with it now; nothing where its story has ended. */
export function Judge({ referral: { id, state, can } }: { referral: ShownReferral }) {
  const { t } = useTranslation();
  const { answer, room, unanswered, dismiss, doing, send } = useJudgement();
  const [rejecting, setRejecting] = useState(false);
  useEffect(() => {
    if (answer?.ok) setRejecting(false);
  }, [answer]);
  const [refusal] = answer?.ok ? answer.refused : [];
  const news = refusal ? <Banner tone="warning" title={t(`referral.judge.refused.${refusal.because}`)} /> : null;
  if (state !== "claimed" && state !== "purchased" && state !== "rejected") return news;
  return (
    <div ref={room}>
      <Card title={t("referral.judge.title")}>
        {news}
        {unanswered ? <NoAnswer to="decision" onDismiss={dismiss} /> : null}
        <Text>{t(`referral.judge.text.${state}`)}</Text>
        {rejecting ? (
          <RejectForm
            busy={doing === "reject"}
            missing={answer?.ok === false}
            onReject={(rejection) => send("reject", [id], rejection)}
            onCancel={() => setRejecting(false)}
          />
        ) : (
          <Row>
            {can.approve ? (
              <Button weight="primary" busy={doing === "approve"} onPress={() => send("approve", [id])}>
                {t("referrals.approve")}
              </Button>
            ) : null}
            {can.reject ? <Button onPress={() => setRejecting(true)}>{t("referrals.reject.open")}</Button> : null}
            {can.overrule ? (
              <Button busy={doing === "overrule"} onPress={() => send("overrule", [id])}>
                {t("referrals.overrule")}
              </Button>
            ) : null}
          </Row>
        )}
      </Card>
    </div>
  );
}
