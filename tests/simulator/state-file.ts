import { existsSync, readFileSync } from "node:fs";
import { writeAtomically } from "./clock.ts";
import type { ShopifyState } from "./shopify/state.ts";
import type { WebhookRecord } from "./shopify/webhooks.ts";

/** What outlives the process. Changed shapes raise the version; an old file is then started over. */
interface SavedState {
  version: 2;
  clockOffsetMs: number;
  shopify: ShopifyState;
  /** Webhooks that have not arrived yet. */
  webhooks: WebhookRecord[];
  klaviyo: unknown;
}

interface StateFile {
  /** Notes a change; it is written within a second or two. */
  touch(): void;
  flush(): void;
  close(): void;
}

const WRITE_EVERY_MS = 1500;

export function loadState(file: string | null): SavedState | null {
  if (!file || !existsSync(file)) return null;
  const saved = JSON.parse(readFileSync(file, "utf8")) as SavedState;
  return saved.version === 2 ? saved : null;
}

/** @param file null keeps nothing. */
export function createStateFile(file: string | null, snapshot: () => SavedState): StateFile {
  let changed = false;
  const flush = () => {
    if (!file || !changed) return;
    changed = false;
    writeAtomically(file, JSON.stringify(snapshot()));
  };
  const timer = file ? setInterval(flush, WRITE_EVERY_MS) : null;
  timer?.unref();
  return {
    touch() {
      changed = true;
    },
    flush,
    close() {
      if (timer) clearInterval(timer);
      flush();
    },
  };
}
