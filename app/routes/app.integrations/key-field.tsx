import { useTranslation } from "react-i18next";
import { isTextKey } from "#app/i18n.ts";
import type { ShownConnection } from "#app/routes/app/connections.ts";
import { TextLink } from "#app/ui/text.tsx";
import { TextField } from "#app/ui/text-field.tsx";

/** One key of an ESP, with where to find it. */
export function KeyField({
  id,
  field: { key, label, help, helpUrl },
  esp,
  value,
  error,
  onChange,
}: {
  id: string;
  field: ShownConnection["fields"][number];
  esp: string;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <TextField
      id={id}
      name={key}
      label={isTextKey(label) ? t(label) : key}
      help={
        <>
          {isTextKey(help) ? t(help) : null}{" "}
          <TextLink external to={helpUrl}>
            {t("integrations.keyHelp", { esp })}
          </TextLink>
        </>
      }
      look="code"
      value={value}
      error={error}
      onChange={onChange}
    />
  );
}
