import { Card as PolarisCard } from "@shopify/polaris";
import type { ReactNode } from "react";
import { Row, Stack } from "./layout.tsx";
import { Heading } from "./text.tsx";

/** A group of things that belong together. `badge` stands beside the heading, `action` at the far end of its line. */
export function Card({
  title,
  badge,
  action,
  children,
}: {
  title?: string;
  badge?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <PolarisCard>
      <Stack>
        {title ? (
          <Row spread>
            <Row>
              <Heading>{title}</Heading>
              {badge}
            </Row>
            {action}
          </Row>
        ) : null}
        {children}
      </Stack>
    </PolarisCard>
  );
}

/** A card that its content fills to the edges: a table. */
export function FlushCard({ children }: { children: ReactNode }) {
  return <PolarisCard padding="0">{children}</PolarisCard>;
}
