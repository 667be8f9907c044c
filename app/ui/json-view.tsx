import { Box } from "@shopify/polaris";
import styles from "./json-view.module.css";
import { Stack } from "./layout.tsx";
import { prettyJson } from "./pretty-json.ts";
import { Heading } from "./text.tsx";

/** A body of a request or an answer under its heading, laid out if it is JSON; long lines wrap. */
export function JsonView({ title, text }: { title: string; text: string }) {
  return (
    <Stack gap="close">
      <Heading level={3}>{title}</Heading>
      <Box background="bg-surface-secondary" borderRadius="200" padding="300">
        <pre className={styles.text}>{prettyJson(text)}</pre>
      </Box>
    </Stack>
  );
}
