import { useTranslation } from "react-i18next";
import { Stack } from "#app/ui/layout.tsx";
import { Text, TextLink } from "#app/ui/text.tsx";

/** Somebody in a list: by name, and by address below it; the name may lead somewhere. */
export function Person({ name, email, to }: { name: string; email: string | null; to?: string }) {
  const { t } = useTranslation();
  const known = name || email || t("page.noName");
  return (
    <Stack gap="tight">
      {to ? <TextLink to={to}>{known}</TextLink> : <Text strong>{known}</Text>}
      {name && email ? <Text tone="quiet">{email}</Text> : null}
    </Stack>
  );
}
