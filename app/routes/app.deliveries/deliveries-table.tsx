import { memo } from "react";
import { useTranslation } from "react-i18next";
import { deliveryName } from "#app/routes/app/delivery-name.ts";
import { DeliveryReason, DeliveryState } from "#app/routes/app/delivery-state.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { Stack } from "#app/ui/layout.tsx";
import { Text, TextLink } from "#app/ui/text.tsx";
import type { ShownDelivery } from "./route.tsx";

/** What was sent about whom, and what became of it. */
export const DeliveriesTable = memo(function DeliveriesTable({ deliveries }: { deliveries: readonly ShownDelivery[] }) {
  const { t } = useTranslation();
  return (
    <DataTable
      label={t("deliveries.title")}
      rows={deliveries}
      columns={[
        { key: "time", label: t("deliveries.column.time"), cell: ({ time }) => <Text inline>{time}</Text> },
        {
          key: "event",
          label: t("deliveries.column.event"),
          wraps: true,
          cell: ({ id, kind, event }) => (
            <TextLink to={`/app/deliveries/${id}`}>{deliveryName(t, { kind, event })}</TextLink>
          ),
        },
        {
          key: "person",
          label: t("deliveries.column.person"),
          wraps: true,
          cell: ({ personEmail, personName }) => <Text>{personEmail ?? (personName || t("deliveries.nobody"))}</Text>,
        },
        {
          key: "attempts",
          label: t("deliveries.column.attempts"),
          figure: true,
          cell: ({ attempts }) => <Text inline>{attempts}</Text>,
        },
        {
          key: "state",
          label: t("deliveries.column.state"),
          wraps: true,
          cell: ({ state, reason }) => (
            <Stack gap="tight" align="start">
              <DeliveryState state={state} />
              <DeliveryReason reason={reason} />
            </Stack>
          ),
        },
      ]}
    />
  );
});
