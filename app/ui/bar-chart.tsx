import { Text } from "@shopify/polaris";
import styles from "./bar-chart.module.css";

/**
 * Counts in a row of days. People who cannot see it hear `summary`.
 * @param bars in order; `label` is shown at both ends and when the pointer rests on a bar
 */
export function BarChart({
  summary,
  bars,
}: {
  summary: string;
  bars: readonly { readonly key: string; readonly label: string; readonly value: number }[];
}) {
  const highest = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <figure className={styles.chart}>
      <div className={styles.bars} role="img" aria-label={summary}>
        {bars.map(({ key, label, value }) => (
          <div
            key={key}
            className={styles.bar}
            title={`${label}: ${value}`}
            style={{ height: `${(value / highest) * 100}%` }}
          />
        ))}
      </div>
      <figcaption className={styles.ends}>
        {[bars[0], bars.at(-1)].map((bar, i) => (
          <Text key={i === 0 ? "first" : "last"} as="span" variant="bodySm" tone="subdued">
            {bar?.label ?? ""}
          </Text>
        ))}
      </figcaption>
    </figure>
  );
}
