import { useTranslation } from "react-i18next";
import { Banner } from "#app/ui/banner.tsx";
import { Text } from "#app/ui/text.tsx";

/** Says that nobody knows whether something was done, and what to do: where the form or the button for it stands. */
export function NoAnswer({
  to,
  onDismiss,
}: {
  to: "save" | "decision" | "request";
  /** Not for what is unsaved: there it goes with what was typed. */
  onDismiss?: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Banner tone="error" takesFocus title={t(`noAnswer.${to}.title`)} {...(onDismiss ? { onDismiss } : {})}>
      <Text>{t(`noAnswer.${to}.text`)}</Text>
    </Banner>
  );
}
