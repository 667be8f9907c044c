import { BlockStack, Box, InlineGrid, InlineStack } from "@shopify/polaris";
import type { ReactNode } from "react";

const gaps = { tight: "100", close: "200", normal: "400" } as const;
type Gap = keyof typeof gaps;

/** One below the other. */
export function Stack({
  gap = "normal",
  align,
  children,
}: {
  gap?: Gap;
  align?: "start" | "center" | "end";
  children: ReactNode;
}) {
  return (
    <BlockStack gap={gaps[gap]} {...(align ? { inlineAlign: align } : {})}>
      {children}
    </BlockStack>
  );
}

/** Side by side, wrapping where there is no room. */
export function Row({ gap = "close", spread = false, children }: { gap?: Gap; spread?: boolean; children: ReactNode }) {
  return (
    <InlineStack gap={gaps[gap]} align={spread ? "space-between" : "start"} blockAlign="center">
      {children}
    </InlineStack>
  );
}

/** Equal columns that fall below each other on a narrow screen: `narrow` columns there, `wide` ones from a tablet on. */
export function Columns({ narrow = 1, wide, children }: { narrow?: 1 | 2; wide: 2 | 4; children: ReactNode }) {
  return (
    <InlineGrid columns={{ xs: narrow, md: wide }} gap={{ xs: "300", md: "400" }}>
      {children}
    </InlineGrid>
  );
}

/** Keeps lines of text short enough to read. */
export function Measure({ children }: { children: ReactNode }) {
  return <Box maxWidth="36rem">{children}</Box>;
}

/** The main thing beside something smaller, which falls below it on a narrow screen. */
export function Split({ children, aside }: { children: ReactNode; aside: ReactNode }) {
  return (
    <InlineGrid columns={{ xs: "1fr", md: "minmax(0, 2fr) minmax(0, 1fr)" }} gap="400" alignItems="start">
      {children}
      {aside}
    </InlineGrid>
  );
}

/** Keeps what stands between cards off the edge of a phone, which the cards reach. */
export function OffEdge({ children }: { children: ReactNode }) {
  return <Box paddingInline={{ xs: "400", sm: "0" }}>{children}</Box>;
}

/** Keeps what stands at the edge of a card without padding off that edge. */
export function Inset({ children }: { children: ReactNode }) {
  return <Box padding="300">{children}</Box>;
}
