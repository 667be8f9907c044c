import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { NoAnswer } from "#app/routes/app/no-answer.tsx";
import { Banner } from "#app/ui/banner.tsx";
import { Button } from "#app/ui/button.tsx";
import { Inset, Row, Stack } from "#app/ui/layout.tsx";
import { Text } from "#app/ui/text.tsx";
import type { JudgementAnswer, Refused } from "./judgement.ts";
import { RejectForm } from "./reject-form.tsx";
import { useJudgement } from "./use-judgement.ts";

/** What can be done with the referrals that are selected. */
export function BulkActions({
  selected,
  onDone,
}: {
  selected: readonly string[];
  /** Called with those for which it should be tried again. */
  onDone: (again: readonly string[]) => void;
}) {
  const { t } = useTranslation();
  const { answer, room, unanswered, dismiss, doing, send } = useJudgement();
  const [rejecting, setRejecting] = useState(false);
  useEffect(() => {
    if (!answer?.ok) return;
    setRejecting(false);
    onDone(unavailableOf(answer).map(({ id }) => id));
  }, [answer, onDone]);

  // What the last answer said has been seen when it is put away, or when something else is selected.
  const [seen, setSeen] = useState<JudgementAnswer>();
  const some = selected.length > 0;
  const [had, setHad] = useState(some);
  if (some !== had) {
    setHad(some);
    if (some) setSeen(answer);
  }

  const news = answer?.ok && answer !== seen ? answer : null;
  const unavailable = news ? unavailableOf(news).length : 0;
  const left = news ? news.refused.length - unavailable : 0;
  if (!some && left + unavailable === 0 && !unanswered) return null;
  return (
    <div ref={room}>
      <Inset>
        <Stack>
          {unanswered ? <NoAnswer to="decision" onDismiss={dismiss} /> : null}
          {left > 0 ? (
            <Banner
              tone="warning"
              title={t("referrals.bulk.refused", { count: left })}
              onDismiss={() => setSeen(answer)}
            />
          ) : null}
          {unavailable > 0 ? (
            <Banner
              tone="warning"
              title={t("referrals.bulk.unavailable", { count: unavailable })}
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
    </div>
  );
}

function unavailableOf({ refused }: Extract<JudgementAnswer, { ok: true }>): readonly Refused[] {
  return refused.filter(({ because }) => because === "shopify_unavailable");
}
