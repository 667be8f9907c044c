import { type BannerHandles, Banner as PolarisBanner } from "@shopify/polaris";
import { type ReactNode, useEffect, useRef } from "react";

const tones = { info: "info", warning: "warning", error: "critical" } as const;

type Action = { label: string } & ({ to: string } | { onPress: () => void; busy: boolean });

/** What must be read before the rest. Never two of them side by side. */
export function Banner({
  tone,
  title,
  action,
  takesFocus = false,
  onDismiss,
  children,
}: {
  tone: keyof typeof tones;
  title: string;
  action?: Action;
  /** For what the merchant may have scrolled past: the focus goes there when it appears. */
  takesFocus?: boolean;
  /** Given, it can be put away. */
  onDismiss?: () => void;
  children?: ReactNode;
}) {
  const banner = useRef<BannerHandles>(null);
  useEffect(() => {
    if (takesFocus) banner.current?.focus();
  }, [takesFocus]);
  return (
    <PolarisBanner
      ref={banner}
      tone={tones[tone]}
      title={title}
      {...(action ? { action: actionOf(action) } : {})}
      {...(onDismiss ? { onDismiss } : {})}
    >
      {children}
    </PolarisBanner>
  );
}

function actionOf(action: Action) {
  const { label: content } = action;
  return "to" in action ? { content, url: action.to } : { content, onAction: action.onPress, loading: action.busy };
}
