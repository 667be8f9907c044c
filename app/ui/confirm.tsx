import { Modal, TitleBar } from "@shopify/app-bridge-react";
import { Box } from "@shopify/polaris";
import { Text } from "./text.tsx";

/** Asks before something that cannot be undone. */
export function Confirm({
  id,
  open,
  title,
  text,
  confirmLabel,
  cancelLabel,
  onConfirm,
  onClose,
}: {
  id: string;
  open: boolean;
  title: string;
  text: string;
  confirmLabel: string;
  cancelLabel: string;
  onConfirm: () => void;
  onClose: () => void;
}) {
  return (
    <Modal id={id} open={open} onHide={onClose}>
      <Box padding="400">
        <Text>{text}</Text>
      </Box>
      <TitleBar title={title}>
        <button type="button" variant="primary" tone="critical" onClick={onConfirm}>
          {confirmLabel}
        </button>
        <button type="button" onClick={onClose}>
          {cancelLabel}
        </button>
      </TitleBar>
    </Modal>
  );
}
