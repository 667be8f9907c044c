import { useFetcher } from "@remix-run/react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Banner } from "#app/ui/banner.tsx";
import { Button } from "#app/ui/button.tsx";
import { Stack } from "#app/ui/layout.tsx";
import { Text } from "#app/ui/text.tsx";
import { useToast } from "#app/ui/use-toast.ts";
import type { action } from "./route.tsx";

/** Sends the page's delivery again, whatever became of it before. */
export function SendAgain({ kind }: { kind: string }) {
  const { t } = useTranslation();
  const { data, state, submit } = useFetcher<typeof action>();
  useToast(useMemo(() => (data?.ok ? { text: t("deliveries.again.sent") } : null), [data, t]));
  return (
    <Stack gap="close" align="start">
      {data?.ok === false && data.because !== "not_found" ? (
        <Banner tone="error" title={t(`deliveries.again.${data.because}`)} />
      ) : null}
      <Button busy={state !== "idle"} onPress={() => submit({}, { method: "post" })}>
        {t("deliveries.again.action")}
      </Button>
      {kind === "list" ? null : (
        <Text tone="quiet">{t(kind === "event" ? "deliveries.again.event" : "deliveries.again.profile")}</Text>
      )}
    </Stack>
  );
}
