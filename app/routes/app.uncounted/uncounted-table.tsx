import { useTranslation } from "react-i18next";
import { Person } from "#app/routes/app/person.tsx";
import { verdictText } from "#app/routes/app.referrals/words.ts";
import { DataTable } from "#app/ui/data-table.tsx";
import { Text } from "#app/ui/text.tsx";
import type { ShownUncounted } from "./shown.ts";

/** Orders that count for nobody, each with the rule that says so. */
export function UncountedTable({ orders }: { orders: readonly ShownUncounted[] }) {
  const { t } = useTranslation();
  return (
    <DataTable
      label={t("uncounted.title")}
      rows={orders}
      columns={[
        {
          key: "order",
          label: t("referrals.column.order"),
          cell: ({ name }) => (
            <Text strong inline>
              {name}
            </Text>
          ),
        },
        { key: "placed", label: t("referrals.column.date"), cell: ({ placed }) => <Text inline>{placed}</Text> },
        {
          key: "buyer",
          label: t("uncounted.buyer"),
          wraps: true,
          cell: ({ buyerName, buyerEmail }) => <Person name={buyerName} email={buyerEmail} />,
        },
        {
          key: "total",
          label: t("uncounted.total"),
          figure: true,
          cell: ({ total }) => <Text inline>{total}</Text>,
        },
        {
          key: "verdict",
          label: t("uncounted.why"),
          wraps: true,
          cell: ({ verdict }) => <Text>{verdictText(t, verdict)}</Text>,
        },
      ]}
    />
  );
}
