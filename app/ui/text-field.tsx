import { TextField as PolarisTextField } from "@shopify/polaris";
import type { ReactNode } from "react";

/** A labelled line of text. The error stays beside it until the merchant changes the value. */
export function TextField({
  id,
  name,
  label,
  value,
  help,
  error,
  prefix,
  suffix,
  lines = 1,
  look = "words",
  onChange,
}: {
  id: string;
  name: string;
  label: string;
  value: string;
  help?: ReactNode;
  error?: string | undefined;
  prefix?: string | undefined;
  suffix?: string | undefined;
  lines?: number;
  /** Codes are read letter by letter, figures get a keyboard for figures. */
  look?: "words" | "code" | "figure";
  onChange: (value: string) => void;
}) {
  return (
    <PolarisTextField
      id={id}
      name={name}
      label={label}
      value={value}
      helpText={help}
      error={error}
      prefix={prefix}
      suffix={suffix}
      multiline={lines > 1 ? lines : false}
      onChange={onChange}
      autoComplete="off"
      spellCheck={look === "words"}
      monospaced={look === "code"}
      inputMode={look === "figure" ? "decimal" : "text"}
    />
  );
}
