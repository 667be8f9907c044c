import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Banner } from "#app/ui/banner.tsx";
import { Button } from "#app/ui/button.tsx";
import { Inset, Row, Stack } from "#app/ui/layout.tsx";
import { Text } from "#app/ui/text.tsx";
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

  const left = answer?.ok ? answer.refused : 0;
  if (selected.length === 0 && left === 0) return null;
  return (
    <Inset>
      <Stack>
        {left > 0 ? <Banner tone="warning" title={t("referrals.bulk.refused", { count: left })} /> : null}
        {selected.length > 0 ? (
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
        {rejecting && selected.length > 0 ? (
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
