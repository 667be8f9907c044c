import { TextField } from "@shopify/polaris";
import { useId } from "react";

/** Where one types what a list should be searched for. */
export function SearchField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <TextField
      id={useId()}
      type="search"
      label={label}
      labelHidden
      placeholder={label}
      value={value}
      onChange={onChange}
      clearButton
      onClearButtonClick={() => onChange("")}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
