import { useTranslation } from "react-i18next";
import { Card } from "#app/ui/card.tsx";
import { Checkbox } from "#app/ui/checkbox.tsx";
import { Columns } from "#app/ui/layout.tsx";
import { ProgramField } from "./program-field.tsx";
import type { ProgramFormState } from "./use-program-form.ts";

const switches = ["firstOrderOnly", "countsUnclaimed", "verifyAddress", "revenueWithTax"] as const;

/** When a referral counts, and what of it. */
export function RulesCard({ state, currency }: { state: ProgramFormState; currency: string }) {
  const { t } = useTranslation();
  return (
    <Card title={t("program.rules")}>
      <Columns wide={2}>
        <ProgramField state={state} field="holdDays" unit={t("program.days")} />
        <ProgramField state={state} field="claimDays" unit={t("program.days")} />
      </Columns>
      <ProgramField state={state} field="minimumOrderRevenue" unit={currency} />
      {switches.map((name) => (
        <Checkbox
          key={name}
          label={t(`program.switch.${name}.label`)}
          help={t(`program.switch.${name}.help`)}
          checked={state.form[name]}
          onChange={(checked) => state.change({ [name]: checked })}
        />
      ))}
    </Card>
  );
}
