import { useSearchParams } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { BarChart } from "#app/ui/bar-chart.tsx";
import { Card } from "#app/ui/card.tsx";
import { ChoiceRow } from "#app/ui/choice-row.tsx";
import { Columns, OffEdge } from "#app/ui/layout.tsx";
import { Stat } from "#app/ui/stat.tsx";
import { type Length, lengths } from "./periods.ts";

const numbers = ["referrers", "purchases", "successful", "revenue"] as const;

/** What the program brought in a period, and on which days friends ordered. */
export function Numbers({
  length,
  stats,
  days,
}: {
  length: Length;
  stats: Record<(typeof numbers)[number], string>;
  days: readonly { key: string; label: string; value: number }[];
}) {
  const { t } = useTranslation();
  const [, setParameters] = useSearchParams();
  const orders = days.reduce((sum, { value }) => sum + value, 0);
  return (
    <>
      <OffEdge>
        <ChoiceRow
          label={t("home.period.label")}
          choices={lengths.map((value) => ({ value, label: t("home.period.days", { days: value }) }))}
          current={length}
          onChoose={(days) => setParameters({ days }, { replace: true, preventScrollReset: true })}
        />
      </OffEdge>
      <Columns narrow={2} wide={4}>
        {numbers.map((key) => (
          <Stat key={key} label={t(`home.${key}.label`)} value={stats[key]} hint={t(`home.${key}.hint`)} />
        ))}
      </Columns>
      <Card title={t("home.chart.title")}>
        <BarChart
          summary={t("home.chart.summary", { count: orders, number: stats.purchases, days: length })}
          bars={days}
        />
      </Card>
    </>
  );
}
