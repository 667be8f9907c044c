import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Banner } from "#app/ui/banner.tsx";
import { Button } from "#app/ui/button.tsx";
import { Inset, Row, Stack } from "#app/ui/layout.tsx";
import { Text } from "#app/ui/text.tsx";
import type { JudgementAnswer } from "./judgement.ts";
import { RejectForm } from "./reject-form.tsx";
import { useJudgement } from "./use-judgement.ts";

/** What can be done with the referrals that are selected; when it is done, none are. */
export function BulkActions({ selected, onDone }: { selected: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation();
  const { answer, doing, send } = useJudgement();
  const [rejecting, setRejecting] = useState(false);
  useEffect(() => {
    if (!answer?.ok) return;
    setRejecting(false);
    onDone();
  }, [answer, onDone]);

  // What the last answer said has been seen when it is put away, or when something else is selected.
  const [seen, setSeen] = useState<JudgementAnswer>();
  const some = selected.length > 0;
  const [had, setHad] = useState(some);
  if (some !== had) {
    setHad(some);
    if (some) setSeen(answer);
  }

  const left = answer?.ok && answer !== seen ? answer.refused.length : 0;
  if (!some && left === 0) return null;
  return (
    <Inset>
      <Stack>
        {left > 0 ? (
          <Banner
            tone="warning"
            title={t("referrals.bulk.refused", { count: left })}
            onDismiss={() => setSeen(answer)}
          />
        ) : null}
        {some ? (
          <Row>
            <Text strong inline>
              {t("referrals.bulk.selected", { count: selected.length })}
            </Text>
            <Button busy={doing === "approve"} onPress={() => send("approve", selected)}>
              {t("referrals.approve")}
            </Button>
            <Button onPress={() => setRejecting(true)}>{t("referrals.reject.open")}</Button>
          </Row>
        ) : null}
        {rejecting && some ? (
          <RejectForm
            busy={doing === "reject"}
            missing={answer?.ok === false}
            onReject={(rejection) => send("reject", selected, rejection)}
            onCancel={() => setRejecting(false)}
          />
        ) : null}
      </Stack>
    </Inset>
  );
}
