import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useAnswer } from "#app/routes/app/use-answer.ts";
import { useFocusOnHeading } from "#app/ui/use-focus-on-heading.ts";
import { useToast } from "#app/ui/use-toast.ts";
import type { Judgement, JudgementAnswer } from "./judgement.ts";

/** Sends what a merchant decides to the page's action, and tells them when it is done. */
export function useJudgement() {
  const { t } = useTranslation();
  const { answer, busy, formData, submit, unanswered, dismiss } = useAnswer<JudgementAnswer>();
  const news = useMemo(
    () =>
      answer?.ok && answer.done > 0 ? { text: t(`referrals.done.${answer.intent}`, { count: answer.done }) } : null,
    [answer, t],
  );
  useToast(news);
  const room = useFocusOnHeading(answer?.ok && !busy ? answer : undefined);
  return {
    answer,
    /** For the element around what is pressed. */
    room,
    unanswered,
    dismiss,
    doing: formData?.get("intent"),
    send: (intent: Judgement["intent"], ids: readonly string[], rest: Record<string, string> = {}) => {
      const form = new FormData();
      for (const [name, value] of Object.entries({ intent, ...rest })) form.set(name, value);
      for (const id of ids) form.append("id", id);
      submit(form, { method: "post" });
    },
  };
}
