import { useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConnectionSettings, SettingsError } from "#app/delivery/connections.ts";
import type { ShownConnection } from "#app/routes/app/connections.ts";
import { NoAnswer } from "#app/routes/app/no-answer.tsx";
import { useAnswer } from "#app/routes/app/use-answer.ts";
import type { action } from "#app/routes/app.integrations.$esp/route.ts";
import { Banner } from "#app/ui/banner.tsx";
import { Card } from "#app/ui/card.tsx";
import { Form } from "#app/ui/form.tsx";
import { Stack } from "#app/ui/layout.tsx";
import { SaveBar } from "#app/ui/save-bar.tsx";
import { useDraft } from "#app/ui/use-draft.ts";
import { useToast } from "#app/ui/use-toast.ts";
import { ListSettings } from "./list-settings.tsx";
import { ProfileSettings } from "./profile-settings.tsx";
import type { Choices } from "./settings-choices.ts";
import { WithheldSettings } from "./withheld-settings.tsx";

const NO_ERRORS: readonly SettingsError[] = [];

/** What an ESP is told, about whom, and whether they join a list there. */
export function SettingsCard({ connection, choices }: { connection: ShownConnection; choices: Choices }) {
  const { t } = useTranslation();
  const { esp, name, settings: stored } = connection;
  const { settings, change, changed, errors, idOf, busy, unanswered, save, discard } = useSettings(esp, stored);
  const general = errors.find(({ field }) => field === "form");
  return (
    <Card title={t("settings.title", { esp: name })}>
      {general ? <Banner tone="error" title={t("integrations.notSaved")} /> : null}
      {unanswered ? <NoAnswer to="save" /> : null}
      <Form onSubmit={() => changed && save()}>
        <Stack>
          <ListSettings
            connection={connection}
            lists={settings.lists}
            idOf={idOf}
            missing={errors.map(({ field }) => field)}
            onChange={(lists) => change({ lists })}
          />
          <ProfileSettings
            name={name}
            profiles={settings.profiles}
            fields={choices.fields}
            onChange={(profiles) => change({ profiles })}
          />
          <WithheldSettings
            name={name}
            withheld={settings.withheld}
            choices={choices}
            onChange={(withheld) => change({ withheld })}
          />
        </Stack>
      </Form>
      <SaveBar
        id={`${esp}-settings`}
        open={changed}
        saving={busy}
        saveLabel={t("integrations.save")}
        discardLabel={t("integrations.discard")}
        onSave={save}
        onDiscard={discard}
      />
    </Card>
  );
}

/** What is chosen and not saved yet, and what was wrong with what was saved last. */
function useSettings(esp: string, stored: ConnectionSettings) {
  const { t } = useTranslation();
  const { answer, busy, submit, unanswered, dismiss } = useAnswer<typeof action>();
  // An answer counts when what was stored has been read again: until then the bar for unsaved changes stays, and asks
  // whoever leaves.
  const saved = answer?.ok && !busy ? answer : undefined;
  const { draft: settings, setDraft: setSettings, changed, markSent, discard } = useDraft(stored, saved);
  const [standing, setStanding] = useState<readonly SettingsError[]>(NO_ERRORS);
  const idOf = useCallback((field: string) => `${esp}.${field}`, [esp]);
  useEffect(() => setStanding(answer?.ok === false ? answer.errors : NO_ERRORS), [answer]);
  useEffect(() => {
    const [first] = standing;
    // The card is longer than the screen: the field says what is wrong only where it is seen.
    if (first) document.getElementById(idOf(first.field))?.focus();
  }, [standing, idOf]);
  useToast(useMemo(() => (saved ? { text: t("settings.saved") } : null), [saved, t]));
  return {
    settings,
    changed,
    errors: standing,
    idOf,
    busy,
    unanswered,
    change: (changes: Partial<ConnectionSettings>) => setSettings({ ...settings, ...changes }),
    save: () => {
      if (busy) return;
      markSent();
      const { lists, profiles, withheld } = settings;
      const body = { lists, profiles: { ...profiles, fields: [...profiles.fields] }, withheld };
      submit(body, { method: "post", encType: "application/json", action: `/app/integrations/${esp}` });
    },
    discard: () => {
      discard();
      setStanding(NO_ERRORS);
      dismiss();
    },
  };
}
