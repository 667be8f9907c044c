import { Box } from "@shopify/polaris";
import type { ReactNode } from "react";
import styles from "./facts.module.css";
import { Text } from "./text.tsx";

/** Names with their values. */
export function Facts({ items }: { items: readonly { label: string; value: ReactNode }[] }) {
  return (
    <dl className={styles.facts}>
      {items.map(({ label, value }) => (
        <div key={label} className={styles.fact}>
          <dt>
            <Text inline tone="quiet">
              {label}
            </Text>
          </dt>
          <dd>{typeof value === "string" ? <Text inline>{value}</Text> : <Box>{value}</Box>}</dd>
        </div>
      ))}
    </dl>
  );
}
