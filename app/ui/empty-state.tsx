import { Box, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { Measure, Stack } from "./layout.tsx";
import { Heading } from "./text.tsx";

/** What stands where there is nothing yet: why, and the one thing to do about it. */
export function EmptyState({ title, text, action }: { title: string; text: string; action?: ReactNode }) {
  return (
    <Box paddingBlock="1600" paddingInline="400">
      <Stack align="center">
        <Heading>{title}</Heading>
        <Measure>
          <Text as="p" variant="bodyMd" tone="subdued" alignment="center">
            {text}
          </Text>
        </Measure>
        {action}
      </Stack>
    </Box>
  );
}
