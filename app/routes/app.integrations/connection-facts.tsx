import { useTranslation } from "react-i18next";
import { isTextKey } from "#app/i18n.ts";
import type { ShownConnection } from "#app/routes/app/connections.ts";
import { Facts } from "#app/ui/facts.tsx";

/** Which account it is, with which keys, and how it does. */
export function ConnectionFacts({ connection }: { connection: ShownConnection }) {
  const { t } = useTranslation();
  const { accountName, fields, masked, lastSuccess, waiting } = connection;
  const keys = fields.map(({ key, label }) => ({ label: isTextKey(label) ? t(label) : key, value: masked[key] ?? "" }));
  return (
    <Facts
      items={[
        { label: t("connection.account"), value: accountName ?? "" },
        ...keys,
        { label: t("connection.lastSuccess"), value: lastSuccess ?? t("connection.never") },
        { label: t("connection.waiting"), value: waiting.text },
      ].filter(({ value }) => value !== "")}
    />
  );
}
