import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ShownConnection } from "#app/routes/app/connections.ts";
import { Button } from "#app/ui/button.tsx";
import { Confirm } from "#app/ui/confirm.tsx";

/** Disconnects after asking. */
export function Disconnect({
  connection: { esp, name },
  busy,
  onConfirm,
}: {
  connection: ShownConnection;
  busy: boolean;
  onConfirm: () => void;
}) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button weight="destructive" busy={busy} onPress={() => setAsking(true)}>
        {t("integrations.disconnect.action")}
      </Button>
      <Confirm
        id={`${esp}-disconnect`}
        open={asking}
        title={t("integrations.disconnect.title", { esp: name })}
        text={t("integrations.disconnect.text", { esp: name })}
        confirmLabel={t("integrations.disconnect.confirm")}
        cancelLabel={t("integrations.disconnect.cancel")}
        onConfirm={() => {
          setAsking(false);
          onConfirm();
        }}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
