import { Link as PolarisLink, Text as PolarisText } from "@shopify/polaris";
import type { ReactNode } from "react";

type Tone = "normal" | "quiet";

/** A paragraph, whose long words break; or a part of a line (`inline`), whose words never do. */
export function Text({
  tone = "normal",
  strong = false,
  inline = false,
  children,
}: {
  tone?: Tone;
  strong?: boolean;
  inline?: boolean;
  children: ReactNode;
}) {
  return (
    <PolarisText
      as={inline ? "span" : "p"}
      variant="bodyMd"
      breakWord={!inline}
      {...(strong ? { fontWeight: "semibold" as const } : {})}
      {...(tone === "quiet" ? { tone: "subdued" as const } : {})}
    >
      {children}
    </PolarisText>
  );
}

/** Heads a card (level 2) or a part of it (level 3). */
export function Heading({ level = 2, children }: { level?: 2 | 3; children: ReactNode }) {
  return (
    <PolarisText as={level === 2 ? "h2" : "h3"} variant={level === 2 ? "headingMd" : "headingSm"}>
      {children}
    </PolarisText>
  );
}

/** Leads to a page of the app, or out of it in a new tab. */
export function TextLink({ to, external = false, children }: { to: string; external?: boolean; children: string }) {
  return (
    <PolarisLink url={to} {...(external ? { target: "_blank" as const } : { removeUnderline: true })}>
      {children}
    </PolarisLink>
  );
}
