import { Box, Icon, InlineStack } from "@shopify/polaris";
import { CheckCircleIcon } from "@shopify/polaris-icons";
import type { ReactNode } from "react";
import styles from "./checklist.module.css";
import { Stack } from "./layout.tsx";
import { Heading, Text } from "./text.tsx";

export type Step = {
  readonly key: string;
  readonly title: string;
  readonly text: string;
  readonly done: boolean;
  readonly action: ReactNode;
};

/** Things to do, each ticked off when it is done. */
export function Checklist({
  steps,
  doneLabel,
  openLabel,
}: {
  steps: readonly Step[];
  doneLabel: string;
  openLabel: string;
}) {
  return (
    <Stack>
      {steps.map(({ key, title, text, done, action }) => (
        <InlineStack key={key} gap="300" blockAlign="start" wrap={false}>
          <Box>
            {done ? (
              <Icon source={CheckCircleIcon} tone="success" accessibilityLabel={doneLabel} />
            ) : (
              <span className={styles.open} role="img" aria-label={openLabel} />
            )}
          </Box>
          <Stack gap="close" align="start">
            <Heading level={3}>{title}</Heading>
            {done ? null : <Text tone="quiet">{text}</Text>}
            {done ? null : action}
          </Stack>
        </InlineStack>
      ))}
    </Stack>
  );
}
