import { ChoiceList } from "@shopify/polaris";

/** Any of a few, under one heading. */
export function CheckboxGroup<Value extends string>({
  title,
  choices,
  chosen,
  onChange,
}: {
  title: string;
  choices: readonly { readonly value: Value; readonly label: string; readonly help?: string }[];
  chosen: readonly Value[];
  onChange: (chosen: readonly Value[]) => void;
}) {
  return (
    <ChoiceList
      title={title}
      allowMultiple
      choices={choices.map(({ value, label, help }) => ({ value, label, helpText: help }))}
      selected={[...chosen]}
      onChange={(selected: string[]) =>
        onChange(choices.map(({ value }) => value).filter((value) => selected.includes(value)))
      }
    />
  );
}
