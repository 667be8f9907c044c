import { Badge } from "@shopify/polaris";

const tones = {
  neutral: {},
  info: { tone: "info" },
  waiting: { tone: "attention" },
  good: { tone: "success" },
  warning: { tone: "warning" },
  /** Only for errors. */
  bad: { tone: "critical" },
} as const;
export type BadgeTone = keyof typeof tones;

/** Says in a word how something stands. */
export function StateBadge({ tone, children }: { tone: BadgeTone; children: string }) {
  return <Badge {...tones[tone]}>{children}</Badge>;
}
