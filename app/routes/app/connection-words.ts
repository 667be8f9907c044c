import type { ParseKeys } from "i18next";
import { isTextKey } from "#app/i18n.ts";
import type { BadgeTone } from "#app/ui/badge.tsx";
import type { ShownConnection } from "./connections.ts";

/** How a connection's state looks. */
export const connectionTones = {
  connected: "good",
  paused: "bad",
  disabled: "neutral",
  disconnected: "neutral",
} as const satisfies Record<ShownConnection["state"], BadgeTone>;

/** Why a connection is paused. */
export function pausedWords({ pausedReason }: ShownConnection): ParseKeys {
  const key = `connection.pausedReason.${pausedReason}`;
  return isTextKey(key) ? key : "connection.pausedReason.other";
}

/** Whether a paused connection goes on without the merchant: its keys are right, the ESP does not answer. */
export function mendsItself({ pausedReason }: ShownConnection): boolean {
  return pausedReason === "unavailable";
}
