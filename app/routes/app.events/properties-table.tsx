import { useTranslation } from "react-i18next";
import type { PropertyReference } from "#app/catalog/reference.ts";
import { DataTable } from "#app/ui/data-table.tsx";
import { Text } from "#app/ui/text.tsx";

/** Properties with their type, what they are, and an example. */
export function PropertiesTable({ label, properties }: { label: string; properties: readonly PropertyReference[] }) {
  const { t } = useTranslation();
  return (
    <DataTable
      label={label}
      rows={properties.map((property) => ({ ...property, id: property.name }))}
      columns={[
        {
          key: "name",
          label: t("events.property"),
          wraps: true,
          cell: ({ name }) => <Text strong>{name}</Text>,
        },
        {
          key: "type",
          label: t("events.type.label"),
          cell: ({ type, required }) => (
            <Text inline>
              {required ? t(`events.type.${type}`) : t("events.type.optional", { type: t(`events.type.${type}`) })}
            </Text>
          ),
        },
        {
          key: "description",
          label: t("events.description"),
          wraps: true,
          cell: ({ description }) => <Text>{description}</Text>,
        },
        {
          key: "example",
          label: t("events.example"),
          wraps: true,
          cell: ({ example }) => <Text tone="quiet">{example}</Text>,
        },
      ]}
    />
  );
}
