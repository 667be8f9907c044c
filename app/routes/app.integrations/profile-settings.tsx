import { useTranslation } from "react-i18next";
import type { ConnectionSettings } from "#app/delivery/connections.ts";
import { CheckboxGroup } from "#app/ui/checkbox-group.tsx";
import { Measure, Stack } from "#app/ui/layout.tsx";
import { Select } from "#app/ui/select.tsx";
import { Heading } from "#app/ui/text.tsx";
import type { Choices } from "./settings-choices.ts";

type Profiles = ConnectionSettings["profiles"];

const policies = ["if_empty", "never", "chosen"] as const satisfies readonly Profiles["policy"][];

/** What is changed of people whom the ESP knows already. */
export function ProfileSettings({
  name,
  profiles,
  fields,
  onChange,
}: {
  name: string;
  profiles: Profiles;
  fields: Choices["fields"];
  onChange: (profiles: Profiles) => void;
}) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Heading level={3}>{t("settings.profiles.title", { esp: name })}</Heading>
      <Measure>
        <Select
          label={t("settings.profiles.policy")}
          options={policies.map((value) => ({ value, label: t(`settings.profiles.${value}.label`) }))}
          value={profiles.policy}
          help={t(`settings.profiles.${profiles.policy}.help`)}
          onChange={(policy) => onChange({ ...profiles, policy })}
        />
      </Measure>
      <CheckboxGroup
        title={t("settings.profiles.fields")}
        choices={fields.map((field) => ({ value: field, label: t(`settings.field.${field}`) }))}
        chosen={profiles.fields}
        onChange={(chosen) => onChange({ ...profiles, fields: [...chosen] })}
      />
    </Stack>
  );
}
