import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "#app/ui/button.tsx";
import { Checkbox } from "#app/ui/checkbox.tsx";
import { Measure, Row, Stack } from "#app/ui/layout.tsx";
import { TextField } from "#app/ui/text-field.tsx";

/** Asks why a referral is rejected, and whether its customers are told. */
export function RejectForm({
  busy,
  missing,
  onReject,
  onCancel,
}: {
  busy: boolean;
  /** The last try had no reason; it may have been one before this form was opened. */
  missing: boolean;
  onReject: (rejection: { reason: string; notify: "yes" | "no" }) => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const [reason, setReason] = useState("");
  const [notify, setNotify] = useState(true);
  const [tried, setTried] = useState(false);
  const isWrong = tried && missing && !busy && reason.trim() === "";
  useEffect(() => {
    if (isWrong) document.getElementById(id)?.focus();
  }, [isWrong, id]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (busy) return;
        setTried(true);
        onReject({ reason, notify: notify ? "yes" : "no" });
      }}
    >
      <Measure>
        <Stack>
          <TextField
            id={id}
            name="reason"
            label={t("referrals.reject.reason")}
            help={t("referrals.reject.reasonHelp")}
            value={reason}
            error={isWrong ? t("referrals.reject.missing") : undefined}
            onChange={setReason}
          />
          <Checkbox
            label={t("referrals.reject.notify")}
            help={t("referrals.reject.notifyHelp")}
            checked={notify}
            onChange={setNotify}
          />
          <Row>
            <Button weight="destructive" submit busy={busy}>
              {t("referrals.reject.action")}
            </Button>
            <Button onPress={onCancel}>{t("referrals.reject.cancel")}</Button>
          </Row>
        </Stack>
      </Measure>
    </form>
  );
}
