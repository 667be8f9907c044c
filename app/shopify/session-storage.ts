import { Session, type shopifyApp } from "@shopify/shopify-app-remix/server";
import { readSession, type SessionStore, type StoredSession, sessionsOfShop, writeSession } from "./sessions.ts";

type SessionStorage = NonNullable<Parameters<typeof shopifyApp>[0]["sessionStorage"]>;

/** Our sealed session table as Shopify's library wants it. */
export function sessionStorage(store: SessionStore): SessionStorage {
  const { db } = store;
  return {
    storeSession: async (session) => {
      await writeSession(store, fromLibrary(session));
      return true;
    },
    loadSession: async (id) => {
      const session = await readSession(store, id);
      return session ? toLibrary(session) : undefined;
    },
    deleteSession: async (id) => {
      await db.session.deleteMany({ where: { id } });
      return true;
    },
    deleteSessions: async (ids) => {
      await db.session.deleteMany({ where: { id: { in: ids } } });
      return true;
    },
    findSessionsByShop: async (shopDomain) => (await sessionsOfShop(store, shopDomain)).map(toLibrary),
  };
}

function toLibrary(session: StoredSession): Session {
  return new Session({
    id: session.id,
    shop: session.shopDomain,
    // For the authorization code flow only, which token exchange replaces.
    state: "",
    isOnline: session.isOnline,
    scope: session.scope ?? undefined,
    expires: session.expires ?? undefined,
    accessToken: session.accessToken ?? undefined,
    refreshToken: session.refreshToken ?? undefined,
    refreshTokenExpires: session.refreshTokenExpires ?? undefined,
  });
}

function fromLibrary(session: Session): StoredSession {
  return {
    id: session.id,
    shopDomain: session.shop,
    isOnline: session.isOnline,
    scope: session.scope ?? null,
    expires: session.expires ?? null,
    accessToken: session.accessToken ?? null,
    refreshToken: session.refreshToken ?? null,
    refreshTokenExpires: session.refreshTokenExpires ?? null,
  };
}
