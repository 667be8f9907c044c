import { Select as PolarisSelect } from "@shopify/polaris";
import { useId } from "react";

export type Option<Value extends string> = { readonly value: Value; readonly label: string };

/** One of a few. Without a visible label where what it chooses is plain from its place. */
export function Select<Value extends string>({
  label,
  labelHidden = false,
  options,
  value,
  help,
  error,
  disabled = false,
  onChange,
}: {
  label: string;
  labelHidden?: boolean;
  options: readonly Option<Value>[];
  value: Value;
  help?: string | undefined;
  error?: string | undefined;
  disabled?: boolean;
  onChange: (value: Value) => void;
}) {
  return (
    <PolarisSelect
      id={useId()}
      label={label}
      labelHidden={labelHidden}
      options={options.map((option) => ({ ...option }))}
      value={value}
      helpText={help}
      error={error}
      disabled={disabled}
      onChange={(chosen: Value) => onChange(chosen)}
    />
  );
}
