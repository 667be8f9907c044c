import { Button as PolarisButton } from "@shopify/polaris";
import { Row, Stack } from "./layout.tsx";
import { Text } from "./text.tsx";

/** Something that is on or off, with the button that turns it over at once. */
export function Toggle({
  label,
  help,
  action,
  busy,
  on,
  onChange,
}: {
  label: string;
  help: string;
  /** What the button does: "Turn off". */
  action: string;
  busy: boolean;
  on: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    <Row spread gap="normal">
      <Stack gap="tight">
        <Text strong>{label}</Text>
        <Text tone="quiet">{help}</Text>
      </Stack>
      <PolarisButton accessibilityLabel={`${action}: ${label}`} loading={busy} onClick={() => onChange(!on)}>
        {action}
      </PolarisButton>
    </Row>
  );
}
