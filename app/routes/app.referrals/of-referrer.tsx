import { useSearchParams } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { Button } from "#app/ui/button.tsx";
import { Inset, Row } from "#app/ui/layout.tsx";
import { Text } from "#app/ui/text.tsx";

/** Says that the list shows one referrer's referrals only, and leads back to everyone's. */
export function OfReferrer({ name }: { name: string }) {
  const { t } = useTranslation();
  const [current] = useSearchParams();
  const everyones = new URLSearchParams(current);
  for (const parameter of ["referrer", "before", "after"]) everyones.delete(parameter);
  return (
    <Inset>
      <Row>
        <Text strong inline>
          {t("referrals.of", { referrer: name || t("page.noName") })}
        </Text>
        <Button to={`?${everyones}`}>{t("referrals.ofAll")}</Button>
      </Row>
    </Inset>
  );
}
