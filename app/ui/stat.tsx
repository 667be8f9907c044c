import { Card, Text } from "@shopify/polaris";
import { Stack } from "./layout.tsx";

/** One number with what it counts. */
export function Stat({ label, value, hint }: { label: string; value: string; hint: string }) {
  return (
    <Card>
      <Stack gap="close">
        <Text as="h2" variant="headingSm">
          {label}
        </Text>
        <Text as="p" variant="headingXl" breakWord>
          {value}
        </Text>
        <Text as="p" variant="bodySm" tone="subdued">
          {hint}
        </Text>
      </Stack>
    </Card>
  );
}
