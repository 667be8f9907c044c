import { useTranslation } from "react-i18next";
import { Button } from "#app/ui/button.tsx";
import { Card } from "#app/ui/card.tsx";
import { Columns, Row, Stack } from "#app/ui/layout.tsx";
import { Select } from "#app/ui/select.tsx";
import { Text } from "#app/ui/text.tsx";
import { TextField } from "#app/ui/text-field.tsx";
import type { Role } from "./describe-reward.ts";
import type { RewardForm } from "./form.ts";
import type { ProgramFormState } from "./use-program-form.ts";

const types = ["percentage", "fixed", "free_shipping"] as const;

/** What one side gets. */
export function RewardCard({ whose, state, currency }: { whose: Role; state: ProgramFormState; currency: string }) {
  const { t } = useTranslation();
  const reward = state.form[`${whose}Reward`];
  const generated = state.describe(whose);
  const field = (name: Exclude<keyof RewardForm, "type">, options: { unit?: string; look?: "code" | "words" } = {}) => (
    <TextField
      id={`${whose}Reward.${name}`}
      name={name}
      label={t(`program.reward.${name}.label`)}
      help={t(`program.reward.${name}.help`)}
      look={options.look ?? "figure"}
      suffix={options.unit}
      value={reward[name]}
      error={state.errorOf(`${whose}Reward.${name}`)}
      onChange={(value) =>
        name === "description" ? state.changeDescription(whose, value) : state.changeReward(whose, { [name]: value })
      }
    />
  );
  return (
    <Card title={t(`program.reward.title.${whose}`)}>
      <Text tone="quiet">{t(`program.reward.about.${whose}`)}</Text>
      <Columns wide={2}>
        <Select
          label={t("program.reward.type.label")}
          options={types.map((type) => ({ value: type, label: t(`program.reward.type.${type}`) }))}
          value={reward.type}
          onChange={(type) => state.changeReward(whose, { type })}
        />
        {reward.type === "percentage" ? field("percent", { unit: "%" }) : null}
        {reward.type === "fixed" ? field("amount", { unit: currency }) : null}
      </Columns>
      <Columns wide={2}>
        {field("minimumSpend", { unit: currency })}
        {field("expiresInDays", { unit: t("program.days", { count: Number(reward.expiresInDays) }) })}
      </Columns>
      {whose === "recipient" ? <Text tone="quiet">{t("program.reward.afterChange")}</Text> : null}
      {field("codePrefix", { look: "code" })}
      <Stack gap="close">
        {field("description", { look: "words" })}
        {generated && generated !== reward.description ? (
          <Row>
            <Button onPress={() => state.changeDescription(whose, generated)}>
              {t("program.reward.useGenerated", { generated })}
            </Button>
          </Row>
        ) : null}
      </Stack>
    </Card>
  );
}
