import { useTranslation } from "react-i18next";
import { Card } from "#app/ui/card.tsx";
import { Stack } from "#app/ui/layout.tsx";
import { Heading, Text } from "#app/ui/text.tsx";
import type { Role } from "./describe-reward.ts";
import type { ProgramForm } from "./form.ts";

const roles = ["recipient", "referrer"] as const;

/** How the ESP, and so its messages, will describe both coupons, while they are typed. */
export function Preview({ form }: { form: ProgramForm }) {
  const { t } = useTranslation();
  return (
    <Card title={t("program.preview.title")}>
      <Text tone="quiet">{t("program.preview.about")}</Text>
      {roles.map((role) => (
        <Side key={role} whose={role} form={form} />
      ))}
      <Text tone="quiet">{t("program.preview.hold", { count: Number(form.holdDays) || 0 })}</Text>
    </Card>
  );
}

function Side({ whose, form }: { whose: Role; form: ProgramForm }) {
  const { t } = useTranslation();
  const { description, codePrefix, expiresInDays } = form[`${whose}Reward`];
  const prefix = codePrefix.trim().toUpperCase();
  const days = Number(expiresInDays);
  return (
    <Stack gap="tight">
      <Heading level={3}>{t(`program.preview.${whose}`)}</Heading>
      <Text>{description || t("program.preview.nothing")}</Text>
      <Text tone="quiet">{t("program.preview.code", { code: prefix ? `${prefix}-7QKX2MHRWD` : "7QKX2MHRWD" })}</Text>
      <Text tone="quiet">
        {days > 0 ? t("program.preview.expires", { count: days }) : t("program.preview.forEver")}
      </Text>
    </Stack>
  );
}
