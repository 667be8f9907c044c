import { useTranslation } from "react-i18next";
import type { ShownConnection } from "#app/routes/app/connections.ts";
import { Toggle } from "#app/ui/toggle.tsx";

/** Whether what happens is sent to an ESP that works. */
export function OnOff({
  connection: { name, state },
  busy,
  onChange,
}: {
  connection: ShownConnection;
  busy: boolean;
  onChange: (on: boolean) => void;
}) {
  const { t } = useTranslation();
  const on = state !== "disabled";
  return (
    <Toggle
      label={t("integrations.toggle.label", { esp: name })}
      help={t(on ? "integrations.toggle.on" : "integrations.toggle.off")}
      action={t(on ? "integrations.toggle.turnOff" : "integrations.toggle.turnOn")}
      on={on}
      busy={busy}
      onChange={onChange}
    />
  );
}
