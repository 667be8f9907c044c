import { Select as PolarisSelect } from "@shopify/polaris";
import { useId } from "react";

export type Option<Value extends string> = { readonly value: Value; readonly label: string };

/** One of a few. Without a visible label where what it chooses is plain from its place. */
export function Select<Value extends string>({
  id,
  label,
  labelHidden = false,
  options,
  value,
  help,
  error,
  disabled = false,
  onChange,
}: {
  /** By which a form finds it; of its own if not given. */
  id?: string;
  label: string;
  labelHidden?: boolean;
  options: readonly Option<Value>[];
  value: Value;
  help?: string | undefined;
  error?: string | undefined;
  disabled?: boolean;
  onChange: (value: Value) => void;
}) {
  const own = useId();
  return (
    <PolarisSelect
      id={id ?? own}
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
