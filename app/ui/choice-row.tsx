import { Button, ButtonGroup } from "@shopify/polaris";
import styles from "./choice-row.module.css";
import type { Option } from "./select.tsx";

/** A few views of one thing, one of them shown. */
export function ChoiceRow<Value extends string>({
  label,
  choices,
  current,
  onChoose,
}: {
  label: string;
  choices: readonly Option<Value>[];
  current: Value;
  onChoose: (value: Value) => void;
}) {
  return (
    <fieldset aria-label={label} className={styles.row}>
      <ButtonGroup variant="segmented">
        {choices.map(({ value, label: text }) => (
          <Button key={value} pressed={value === current} onClick={() => onChoose(value)}>
            {text}
          </Button>
        ))}
      </ButtonGroup>
    </fieldset>
  );
}
