import { Page as PolarisPage } from "@shopify/polaris";
import type { ReactNode } from "react";
import { Stack } from "./layout.tsx";

/** A page with its heading; `back` is the page above it, `action` leads to what belongs to it. Lists take the `wide` screen. */
export function Page({
  title,
  badge,
  back,
  action,
  wide = false,
  children,
}: {
  title: string;
  badge?: ReactNode;
  back?: { label: string; to: string };
  action?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  return (
    <PolarisPage
      title={title}
      titleMetadata={badge}
      primaryAction={action}
      fullWidth={wide}
      {...(back ? { backAction: { content: back.label, accessibilityLabel: back.label, url: back.to } } : {})}
    >
      <Stack>{children}</Stack>
    </PolarisPage>
  );
}
