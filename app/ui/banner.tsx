import { Banner as PolarisBanner } from "@shopify/polaris";
import type { ReactNode } from "react";

const tones = { info: "info", warning: "warning", error: "critical" } as const;

/** What must be read before the rest. Never two of them side by side. */
export function Banner({
  tone,
  title,
  action,
  onDismiss,
  children,
}: {
  tone: keyof typeof tones;
  title: string;
  action?: { label: string; to: string };
  /** Given, it can be put away. */
  onDismiss?: () => void;
  children?: ReactNode;
}) {
  return (
    <PolarisBanner
      tone={tones[tone]}
      title={title}
      {...(action ? { action: { content: action.label, url: action.to } } : {})}
      {...(onDismiss ? { onDismiss } : {})}
    >
      {children}
    </PolarisBanner>
  );
}
