import type { TFunction } from "i18next";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Person } from "#app/routes/app/person.tsx";
import { type Column, DataTable, type Selection } from "#app/ui/data-table.tsx";
import { Stack } from "#app/ui/layout.tsx";
import { Text, TextLink } from "#app/ui/text.tsx";
import type { ShownReferral } from "./route.tsx";
import { ReferralState } from "./state.tsx";
import { whyText } from "./words.ts";

/** Who referred whom, and what came of it. */
export function ReferralsTable({
  referrals,
  selection,
}: {
  referrals: readonly ShownReferral[];
  selection: Selection<ShownReferral>;
}) {
  const { t } = useTranslation();
  const columns = useMemo(() => columnsIn(t), [t]);
  return <DataTable label={t("referrals.title")} rows={referrals} selection={selection} columns={columns} />;
}

function columnsIn(t: TFunction): Column<ShownReferral>[] {
  return [
    {
      key: "date",
      label: t("referrals.column.date"),
      cell: ({ id, date }) => <TextLink to={`/app/referrals/${id}`}>{date}</TextLink>,
    },
    {
      key: "referrer",
      label: t("referrals.column.referrer"),
      wraps: true,
      cell: (row) => <Person name={row.referrerName} email={row.referrerEmail} />,
    },
    {
      key: "friend",
      label: t("referrals.column.friend"),
      wraps: true,
      cell: (row) => <Person name={row.recipientName} email={row.recipientEmail} />,
    },
    {
      key: "order",
      label: t("referrals.column.order"),
      cell: ({ orderName }) => <Text inline>{orderName ?? t("referrals.none")}</Text>,
    },
    {
      key: "revenue",
      label: t("referrals.column.revenue"),
      figure: true,
      cell: ({ revenue }) => <Text inline>{revenue}</Text>,
    },
    {
      key: "state",
      label: t("referrals.column.state"),
      wraps: true,
      cell: (row) => {
        const why = whyText(t, row);
        return (
          <Stack gap="tight" align="start">
            <ReferralState {...row} />
            {why ? <Text tone="quiet">{why}</Text> : null}
          </Stack>
        );
      },
    },
  ];
}
