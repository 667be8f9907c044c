import { Checkbox as PolarisCheckbox } from "@shopify/polaris";
import { useId } from "react";

/** Yes or no. */
export function Checkbox({
  label,
  labelHidden = false,
  help,
  checked,
  disabled = false,
  onChange,
}: {
  label: string;
  labelHidden?: boolean;
  help?: string;
  /** `mixed`: some of what it stands for. */
  checked: boolean | "mixed";
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <PolarisCheckbox
      id={useId()}
      label={label}
      labelHidden={labelHidden}
      helpText={help}
      checked={checked === "mixed" ? "indeterminate" : checked}
      disabled={disabled}
      onChange={onChange}
    />
  );
}
