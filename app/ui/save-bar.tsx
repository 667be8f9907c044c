import { useBlocker } from "@remix-run/react";
import { SaveBar as AppBridgeSaveBar, useAppBridge } from "@shopify/app-bridge-react";
import { useEffect } from "react";

/**
 * The admin's bar for unsaved changes, shown while `open`. While it is shown nobody leaves the page without being asked:
 * the admin guards its own menu and tab, the blocker guards our links.
 */
export function SaveBar({
  id,
  open,
  saving,
  saveLabel,
  discardLabel,
  onSave,
  onDiscard,
}: {
  id: string;
  open: boolean;
  saving: boolean;
  saveLabel: string;
  discardLabel: string;
  onSave: () => void;
  onDiscard: () => void;
}) {
  useLeaveGuard(open);
  return (
    <AppBridgeSaveBar id={id} open={open}>
      {/* `loading` is how it looks; a press is still one. */}
      <button type="button" variant="primary" disabled={saving} {...(saving ? { loading: "" } : {})} onClick={onSave}>
        {saveLabel}
      </button>
      <button type="button" disabled={saving} onClick={onDiscard}>
        {discardLabel}
      </button>
    </AppBridgeSaveBar>
  );
}

/** Asks before something takes away what is not saved; goes on at once where nothing is. */
export function useAskBefore() {
  const shopify = useAppBridge();
  // Resolves only when the merchant agrees.
  return (goOn: () => void) => void shopify.saveBar.leaveConfirmation().then(goOn);
}

function useLeaveGuard(unsaved: boolean) {
  const shopify = useAppBridge();
  const blocker = useBlocker(({ currentLocation, nextLocation }) => {
    return unsaved && currentLocation.pathname !== nextLocation.pathname;
  });
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    // Resolves only when the merchant agrees to leave.
    shopify.saveBar.leaveConfirmation().then(() => blocker.proceed());
  }, [blocker, shopify]);
}
