import type { EspList } from "#app/esps/esp.ts";
import { type Audience, audiences, type ConnectionSettings } from "./settings.ts";

/** Whether a list of the account is chosen for anybody. */
export function hasLists({ lists }: ConnectionSettings): boolean {
  return audiences.some((audience) => lists[audience].listId !== "");
}

/**
 * The settings for another account: its lists have ids of their own, and whoever would join one that it does not have would
 * be refused.
 * @returns `listsLeft`: who joins no list any more
 */
export function keepLists(
  settings: ConnectionSettings,
  known: readonly EspList[],
): { settings: ConnectionSettings; listsLeft: Audience[] } {
  const gone = audiences.filter((audience) => !known.some(({ id }) => id === settings.lists[audience].listId));
  const none = Object.fromEntries(gone.map((audience) => [audience, { mode: "none" as const, listId: "" }]));
  return {
    settings: { ...settings, lists: { ...settings.lists, ...none } },
    listsLeft: gone.filter((audience) => settings.lists[audience].mode !== "none"),
  };
}
