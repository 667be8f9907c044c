import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TermError } from "#app/domain/referrals/update-program.ts";
import { useAnswer } from "#app/routes/app/use-answer.ts";
import { useDraft } from "#app/ui/use-draft.ts";
import { useToast } from "#app/ui/use-toast.ts";
import { describeReward, type Role } from "./describe-reward.ts";
import { fieldOf } from "./field-of.ts";
import type { ProgramForm, RewardForm } from "./form.ts";
import type { action } from "./route.tsx";

const NO_ERRORS: readonly TermError[] = [];

/** The state of the program's form; one that is not saved yet is `changed`. */
export type ProgramFormState = ReturnType<typeof useProgramForm>;

/**
 * What is typed, what is wrong with it, and what becomes of it. An error stays until its field changes; a description
 * that the merchant has not written follows the figures.
 * @param stored the terms in force
 * @param currency the shop's
 */
export function useProgramForm(stored: ProgramForm, currency: string) {
  const { t, i18n } = useTranslation();
  const { answer, busy, submit, unanswered, dismiss } = useAnswer<typeof action>();
  // An answer counts when what was stored has been read again: until then the bar for unsaved changes stays, and asks
  // whoever leaves.
  const saved = answer?.ok && !busy ? answer : undefined;
  const { draft: form, setDraft: setForm, changed, sent, markSent, discard } = useDraft(stored, saved);
  const [discarded, setDiscarded] = useState<readonly TermError[]>(NO_ERRORS);
  const errors = answer?.ok === false ? answer.errors : NO_ERRORS;
  useEffect(() => {
    const [first] = errors;
    if (first) document.getElementById(fieldOf(first))?.focus();
  }, [errors]);
  useToast(useMemo(() => (saved ? { text: t("program.saved") } : null), [saved, t]));

  const describe = (role: Role, of: ProgramForm) => describeReward({ t, language: i18n.language, currency }, role, of);
  const isOwn = (role: Role, of: ProgramForm) => of[`${role}Reward`].description !== describe(role, of);
  const owned = (of: ProgramForm) => ({ recipient: isOwn("recipient", of), referrer: isOwn("referrer", of) });
  const [own, setOwn] = useState(() => owned(stored));
  const rewardAfter = (role: Role, after: ProgramForm): RewardForm => {
    const reward = after[`${role}Reward`];
    const generated = describe(role, after);
    return own[role] || !generated ? reward : { ...reward, description: generated };
  };
  const change = (changes: Partial<ProgramForm>) => {
    const after = { ...form, ...changes };
    setForm({
      ...after,
      recipientReward: rewardAfter("recipient", after),
      referrerReward: rewardAfter("referrer", after),
    });
  };
  return {
    form,
    busy,
    unanswered,
    changed,
    change,
    changeReward: (role: Role, changes: Partial<RewardForm>) =>
      change({ [`${role}Reward`]: { ...form[`${role}Reward`], ...changes } }),
    /** In the merchant's words from now on, unless they are the generated ones. */
    changeDescription(role: Role, description: string) {
      const after = { ...form, [`${role}Reward`]: { ...form[`${role}Reward`], description } };
      setOwn({ ...own, [role]: isOwn(role, after) });
      setForm(after);
    },
    describe: (role: Role) => describe(role, form),
    /** The words for what is wrong with a field, by its path. */
    errorOf(field: string): string | undefined {
      if (errors === discarded || valueAt(form, field) !== valueAt(sent, field)) return undefined;
      const wrong = errors.find((error) => fieldOf(error) === field);
      return wrong && t(`program.error.${wrong.code}`);
    },
    wrong: errors === discarded ? [] : errors.map(fieldOf),
    save() {
      if (busy) return;
      markSent();
      submit(form, { method: "post", encType: "application/json" });
    },
    discard() {
      discard();
      setOwn(owned(stored));
      setDiscarded(errors);
      dismiss();
    },
  };
}

function valueAt(form: object, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((part, name) => (typeof part === "object" && part ? Reflect.get(part, name) : undefined), form);
}
