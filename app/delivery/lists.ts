import type { Credentials, EspList } from "#app/esps/esp.ts";
import { type EspKey, espOf } from "#app/esps/index.ts";
import { block, blockedFor } from "./account.ts";
import { startAsking } from "./ask.ts";
import { openCredentials } from "./credentials.ts";
import type { DeliveryDeps } from "./deps.ts";

export type { EspList } from "#app/esps/esp.ts";

/** `not_connected`: nobody to ask. `busy`: the ESP wants to be left alone. `reconnect`: the credentials are no good. */
export type ListsOutcome =
  | { readonly ok: true; readonly lists: readonly EspList[] }
  | { readonly ok: false; readonly because: "not_connected" | "not_supported" | "busy" | "reconnect" | "unavailable" };

/** Nobody chooses from more; Klaviyo gives ten a page and 75 pages a second. */
const PAGES = 50;

/** The lists of a connection's account, for a dropdown: asks the ESP while the merchant waits (≤ 5 s). */
export async function listLists(
  deps: DeliveryDeps,
  { shopId, esp }: { readonly shopId: string; readonly esp: EspKey },
): Promise<ListsOutcome> {
  const connection = await deps.db.connection.findUnique({ where: { shopId_esp: { shopId, esp } } });
  if (!connection?.credentials || !connection.accountKey) return { ok: false, because: "not_connected" };
  const credentials = openCredentials(deps.keyring, connection.id, connection.credentials);
  if (!credentials) return { ok: false, because: "reconnect" };
  return readLists(deps, { esp, accountKey: connection.accountKey }, credentials);
}

/** The same of an account that one has the credentials of. */
export async function readLists(
  deps: DeliveryDeps,
  account: { readonly esp: EspKey; readonly accountKey: string },
  credentials: Credentials,
): Promise<ListsOutcome> {
  const { lists: operation } = espOf(account.esp);
  if (!operation) return { ok: false, because: "not_supported" };
  if ((await blockedFor(deps.pool, account)) > 0) return { ok: false, because: "busy" };

  const ask = startAsking(deps, account.esp, credentials);
  const lists: EspList[] = [];
  let page: string | null = null;
  for (let pages = 0; pages < PAGES; pages++) {
    const answer = await ask(operation.request(page));
    if (!answer) return { ok: false, because: "unavailable" };
    const read = operation.read(answer);
    if ("kind" in read) {
      if (read.kind === "reconnect") return { ok: false, because: "reconnect" };
      if (read.kind !== "retry" || read.afterSeconds === undefined) return { ok: false, because: "unavailable" };
      await block(deps.pool, account, read.afterSeconds);
      return { ok: false, because: "busy" };
    }
    lists.push(...read.lists);
    page = read.next;
    if (page === null) break;
  }
  return { ok: true, lists };
}
