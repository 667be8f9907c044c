import { useTranslation } from "react-i18next";
import { Banner } from "#app/ui/banner.tsx";
import { Card } from "#app/ui/card.tsx";
import { Checkbox } from "#app/ui/checkbox.tsx";
import { Columns } from "#app/ui/layout.tsx";
import { Text } from "#app/ui/text.tsx";
import { ProgramField } from "./program-field.tsx";
import type { ProgramFormState } from "./use-program-form.ts";

const switches = ["firstOrderOnly", "countsUnclaimed", "revenueWithTax", "verifyAddress"] as const;

/** When a referral counts, and what of it. */
export function RulesCard({
  state,
  currency,
  linkIsSent,
}: {
  state: ProgramFormState;
  currency: string;
  /** Whether a connected ESP is told of friends who must verify their address. */
  linkIsSent: boolean;
}) {
  const { t } = useTranslation();
  return (
    <Card title={t("program.rules")}>
      <Columns wide={2}>
        <ProgramField state={state} field="holdDays" unit={t("program.days", { count: Number(state.form.holdDays) })} />
        <ProgramField
          state={state}
          field="claimDays"
          unit={t("program.days", { count: Number(state.form.claimDays) })}
        />
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
      {state.form.verifyAddress && !linkIsSent ? (
        <Banner
          tone="warning"
          title={t("program.notCarried.title")}
          action={{ label: t("program.notCarried.action"), to: "/app/integrations" }}
        >
          <Text>{t("program.notCarried.text")}</Text>
        </Banner>
      ) : null}
    </Card>
  );
}
