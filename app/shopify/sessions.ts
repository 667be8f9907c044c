import type { Session } from "@prisma/client";
import type { Tx } from "#app/domain/context.ts";
import { type Keyring, SealError, seal, unseal } from "#app/lib/sealed.ts";

/** A token of a shop with its dates, in clear. */
export type StoredSession = Session;

export type SessionStore = { readonly db: Pick<Tx, "session">; readonly keyring: Keyring };

/** The id that Shopify's library gives the session of a shop's offline token. */
export function offlineSessionId(shopDomain: string): string {
  return `offline_${shopDomain}`;
}

/** The session, or null if there is none that we can open: the next visit of the merchant makes a new one. */
export async function readSession(store: SessionStore, id: string): Promise<StoredSession | null> {
  const row = await store.db.session.findUnique({ where: { id } });
  return row && opened(store.keyring, row);
}

/** The sessions of a shop that we can open. */
export async function sessionsOfShop(store: SessionStore, shopDomain: string): Promise<StoredSession[]> {
  const rows = await store.db.session.findMany({ where: { shopDomain } });
  return rows.map((row) => opened(store.keyring, row)).filter((session) => session !== null);
}

/** Writes access and refresh token in one statement: a refresh that was half written would lose the shop. */
export async function writeSession({ db, keyring }: SessionStore, session: StoredSession): Promise<void> {
  const { id, accessToken, refreshToken, ...rest } = session;
  const row = {
    ...rest,
    accessToken: accessToken && seal(keyring, accessToken, purpose(id)),
    refreshToken: refreshToken && seal(keyring, refreshToken, purpose(id)),
  };
  await db.session.upsert({ where: { id }, create: { id, ...row }, update: row });
}

/** Forgets tokens that are dead, unless the session has others by now: Shopify's library may store new ones at any time. */
export async function forgetTokens({ db, keyring }: SessionStore, dead: StoredSession): Promise<void> {
  const row = await db.session.findUnique({ where: { id: dead.id } });
  if (!row || opened(keyring, row)?.accessToken !== dead.accessToken) return;
  // Sealed twice, a token looks different: this is the row that was just read, or none.
  const same = { id: row.id, accessToken: row.accessToken };
  await db.session.updateMany({ where: same, data: { accessToken: null, refreshToken: null } });
}

export async function deleteSessions({ db }: Pick<SessionStore, "db">, shopDomain: string): Promise<void> {
  await db.session.deleteMany({ where: { shopDomain } });
}

function opened(keyring: Keyring, row: Session): StoredSession | null {
  const open = (sealed: string | null) => sealed && unseal(keyring, sealed, purpose(row.id));
  try {
    return { ...row, accessToken: open(row.accessToken), refreshToken: open(row.refreshToken) };
  } catch (error) {
    // Sealed with a key that is gone: worthless, and replaced by the token exchange of the merchant's next visit.
    if (error instanceof SealError) return null;
    throw error;
  }
}

function purpose(id: string): string {
  return `session ${id}`;
}
