import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConnectError } from "#app/delivery/connections.ts";
import { connectionTones, mendsItself, pausedWords } from "#app/routes/app/connection-words.ts";
import type { ShownConnection } from "#app/routes/app/connections.ts";
import { NoAnswer } from "#app/routes/app/no-answer.tsx";
import { useAnswer } from "#app/routes/app/use-answer.ts";
import { StateBadge } from "#app/ui/badge.tsx";
import { Banner } from "#app/ui/banner.tsx";
import { Button } from "#app/ui/button.tsx";
import { Card } from "#app/ui/card.tsx";
import { Row, Stack } from "#app/ui/layout.tsx";
import { useAskBefore } from "#app/ui/save-bar.tsx";
import { Text } from "#app/ui/text.tsx";
import { useToast } from "#app/ui/use-toast.ts";
import { ConnectionFacts } from "./connection-facts.tsx";
import { CredentialsForm } from "./credentials-form.tsx";
import { Disconnect } from "./disconnect.tsx";
import { OnOff } from "./on-off.tsx";
import type { action } from "./route.tsx";
import { SettingsCard } from "./settings-card.tsx";
import type { Choices } from "./settings-choices.ts";
import type { Intent } from "./submission.ts";

const NO_ERRORS: readonly ConnectError[] = [];

/** One ESP: connect it, see how it does, replace its keys, turn it off, disconnect it. */
export function EspCard({ connection, choices }: { connection: ShownConnection; choices: Choices }) {
  const { t } = useTranslation();
  const { esp, name, state } = connection;
  const { answer, doing, unanswered, dismiss, send } = useConnection(esp);
  const [replacing, setReplacing] = useState(false);
  const askBefore = useAskBefore();
  useEffect(() => {
    if (answer?.ok) setReplacing(false);
  }, [answer]);
  const cancel = () => {
    setReplacing(false);
    dismiss();
  };
  const news = useMemo(
    () => (answer?.ok ? { text: t(`integrations.done.${answer.intent}`, { esp: name }) } : null),
    [answer, name, t],
  );
  useToast(news);

  const works = state === "connected" || state === "disabled" || mendsItself(connection);
  return (
    <Stack>
      <Card
        title={name}
        badge={<StateBadge tone={connectionTones[state]}>{t(`connection.state.${state}`)}</StateBadge>}
        action={
          state === "disconnected" ? null : (
            <Disconnect connection={connection} busy={doing === "disconnect"} onConfirm={() => send("disconnect")} />
          )
        }
      >
        <Text>{t(`integrations.${esp}.about`)}</Text>
        {unanswered ? <NoAnswer to="request" onDismiss={dismiss} /> : null}
        {state === "paused" ? (
          <Banner tone="error" title={t("connection.paused", { esp: name })}>
            <Text>{t(pausedWords(connection), { esp: name })}</Text>
          </Banner>
        ) : null}
        {answer?.ok && answer.listsLeft.length > 0 ? (
          <Banner tone="warning" title={t("integrations.listsLeft.title", { esp: name })}>
            {answer.listsLeft.map((audience) => (
              <Text key={audience}>{t(`integrations.listsLeft.${audience}`)}</Text>
            ))}
          </Banner>
        ) : null}
        {state === "disconnected" ? null : <ConnectionFacts connection={connection} />}
        {works ? (
          <OnOff
            connection={connection}
            busy={doing === "enable" || doing === "disable"}
            onChange={(on) => send(on ? "enable" : "disable")}
          />
        ) : null}
        {works && replacing ? <Text tone="quiet">{t("integrations.replaceAbout", { esp: name })}</Text> : null}
        {works && !replacing ? (
          <Row>
            <Button onPress={() => askBefore(() => setReplacing(true))}>{t("integrations.replace")}</Button>
          </Row>
        ) : (
          <CredentialsForm
            connection={connection}
            errors={answer && !answer.ok ? answer.errors : NO_ERRORS}
            busy={doing === "connect"}
            submitLabel={t(state === "disconnected" ? "integrations.connect" : "integrations.save")}
            onSave={(values) => send("connect", values)}
            onDiscard={dismiss}
            onCancel={works ? cancel : undefined}
          />
        )}
      </Card>
      {works && !replacing ? <SettingsCard connection={connection} choices={choices} /> : null}
    </Stack>
  );
}

/** Sends what the merchant does to the page's action; `doing` is what is under way. */
function useConnection(esp: string) {
  const { formData, submit, ...rest } = useAnswer<typeof action>();
  return {
    ...rest,
    doing: formData?.get("intent"),
    send: (intent: Intent, values: Record<string, string> = {}) =>
      submit({ ...values, intent, esp }, { method: "post" }),
  };
}
