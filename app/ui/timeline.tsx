import type { ReactNode } from "react";
import { Text } from "./text.tsx";
import styles from "./timeline.module.css";

export type Moment = {
  readonly id: string;
  readonly time: string;
  readonly what: ReactNode;
  /** On what grounds, a line each. */
  readonly details: readonly string[];
};

/** What happened, in order. */
export function Timeline({ label, moments }: { label: string; moments: readonly Moment[] }) {
  return (
    <ol className={styles.timeline} aria-label={label}>
      {moments.map(({ id, time, what, details }) => (
        <li key={id} className={styles.moment}>
          {what}
          {details.map((detail) => (
            <Text key={detail}>{detail}</Text>
          ))}
          <Text tone="quiet">{time}</Text>
        </li>
      ))}
    </ol>
  );
}
