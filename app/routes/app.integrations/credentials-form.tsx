import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConnectError } from "#app/delivery/connections.ts";
import type { ShownConnection } from "#app/routes/app/connections.ts";
import { Banner } from "#app/ui/banner.tsx";
import { Button } from "#app/ui/button.tsx";
import { Measure, Row, Stack } from "#app/ui/layout.tsx";
import { SaveBar } from "#app/ui/save-bar.tsx";
import { Text } from "#app/ui/text.tsx";
import { errorDetail, errorWords } from "./errors.ts";
import { KeyField } from "./key-field.tsx";

type Values = Record<string, string>;

const NO_ERRORS: readonly ConnectError[] = [];

/**
 * The keys of an ESP, checked with it when they are saved. An error stays beside its field until the value changes; one
 * that is about no field stands above them.
 * @param errors what the last save was answered; the same array as long as it is the same answer
 */
export function CredentialsForm({
  connection: { esp, name, fields },
  errors,
  busy,
  submitLabel,
  onSave,
  onDiscard,
  onCancel,
}: {
  connection: ShownConnection;
  errors: readonly ConnectError[];
  busy: boolean;
  submitLabel: string;
  onSave: (values: Values) => void;
  onDiscard: () => void;
  onCancel?: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const id = useId();
  const [values, setValues] = useState<Values>({});
  const [saved, setSaved] = useState<Values>({});
  // What was wrong before this form was opened, or was put away, is no news.
  const [seen, setSeen] = useState(errors);
  const typed = (field: string) => values[field] ?? "";

  const standing = errors === seen ? NO_ERRORS : errors;
  const errorOf = (field: string) => standing.find((error) => error.field === field && values[field] === saved[field]);
  const general = standing.find(({ field }) => !fields.some(({ key }) => key === field));
  const words = (error: ConnectError) => t(errorWords(esp, error), { esp: name, ...errorDetail(error) });

  const firstWrong = fields.find(({ key }) => standing.some(({ field }) => field === key))?.key;
  useEffect(() => {
    if (standing.length > 0 && firstWrong) document.getElementById(id + firstWrong)?.focus();
  }, [standing, firstWrong, id]);

  const save = () => {
    if (busy) return;
    setSaved(values);
    onSave(Object.fromEntries(fields.map(({ key }) => [key, typed(key)])));
  };
  const discard = () => {
    setValues({});
    setSeen(errors);
    onDiscard();
  };
  return (
    <form
      method="post"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Measure>
        <Stack>
          {general ? (
            <Banner tone="error" title={t("integrations.notSaved")}>
              <Text>{words(general)}</Text>
            </Banner>
          ) : null}
          {fields.map((field) => {
            const error = errorOf(field.key);
            return (
              <KeyField
                key={field.key}
                id={id + field.key}
                field={field}
                esp={name}
                value={typed(field.key)}
                error={error && words(error)}
                onChange={(value) => setValues({ ...values, [field.key]: value })}
              />
            );
          })}
          <Row>
            <Button weight="primary" submit busy={busy}>
              {submitLabel}
            </Button>
            {onCancel ? <Button onPress={onCancel}>{t("integrations.cancel")}</Button> : null}
          </Row>
        </Stack>
      </Measure>
      <SaveBar
        id={`${esp}-keys`}
        open={fields.some(({ key }) => typed(key) !== "")}
        saving={busy}
        saveLabel={t("integrations.save")}
        discardLabel={t("integrations.discard")}
        onSave={save}
        onDiscard={discard}
      />
    </form>
  );
}
