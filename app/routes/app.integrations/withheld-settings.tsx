import { useTranslation } from "react-i18next";
import type { ConnectionSettings } from "#app/delivery/connections.ts";
import { CheckboxGroup } from "#app/ui/checkbox-group.tsx";
import { Stack } from "#app/ui/layout.tsx";
import { Heading, TextLink } from "#app/ui/text.tsx";
import type { Choices } from "./settings-choices.ts";

type Withheld = ConnectionSettings["withheld"];

/** What is sent: all that is not taken out, also what is added to the catalogue later. */
export function WithheldSettings({
  name,
  withheld,
  choices: { events, properties },
  onChange,
}: {
  name: string;
  withheld: Withheld;
  choices: Choices;
  onChange: (withheld: Withheld) => void;
}) {
  const { t } = useTranslation();
  const eventKeys = events.map(({ key }) => key);
  const propertyNames = properties.map((property) => property.name);
  return (
    <Stack>
      <Heading level={3}>{t("settings.sent.title", { esp: name })}</Heading>
      <CheckboxGroup
        title={t("settings.sent.events")}
        choices={events.map(({ key, name: event, about, when }) => ({
          value: key,
          label: t("settings.sent.event", { event, on: t(`events.on.${about}`) }),
          help: when,
        }))}
        chosen={without(eventKeys, withheld.events)}
        onChange={(chosen) => onChange({ ...withheld, events: without(eventKeys, chosen) })}
      />
      <CheckboxGroup
        title={t("settings.sent.properties")}
        choices={properties.map(({ name: property, description }) => ({
          value: property,
          label: property,
          help: description,
        }))}
        chosen={without(propertyNames, withheld.properties)}
        onChange={(chosen) => onChange({ ...withheld, properties: without(propertyNames, chosen) })}
      />
      <TextLink to="/app/events">{t("settings.sent.reference")}</TextLink>
    </Stack>
  );
}

function without<Value>(all: readonly Value[], some: readonly Value[]): Value[] {
  return all.filter((value) => !some.includes(value));
}
