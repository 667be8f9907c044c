import { useTranslation } from "react-i18next";
import { TextField } from "#app/ui/text-field.tsx";
import type { ProgramFormState } from "./use-program-form.ts";

type Figure = "holdDays" | "claimDays" | "minimumOrderRevenue";

/** A figure of the program, with what it means. */
export function ProgramField({ state, field, unit }: { state: ProgramFormState; field: Figure; unit: string }) {
  const { t } = useTranslation();
  return (
    <TextField
      id={field}
      name={field}
      label={t(`program.field.${field}.label`)}
      help={t(`program.field.${field}.help`)}
      look="figure"
      suffix={unit}
      value={state.form[field]}
      error={state.errorOf(field)}
      onChange={(value) => state.change({ [field]: value })}
    />
  );
}
