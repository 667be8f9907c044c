import { Session } from "@shopify/shopify-app-remix/server";
import { beforeEach, expect, test } from "vitest";
import { db, keyring, pool } from "#app/db.server.ts";
import { keyringOf, newKeyringText } from "#app/lib/sealed.ts";
import { emptyTables } from "#tests/database.ts";
import { sessionStorage } from "./session-storage.ts";

const storage = sessionStorage({ db, keyring });

function session(changes: Partial<ConstructorParameters<typeof Session>[0]> = {}): Session {
  return new Session({
    id: "offline_juniper.myshopify.com",
    shop: "juniper.myshopify.com",
    state: "",
    isOnline: false,
    scope: "read_customers,read_orders",
    expires: new Date("2026-11-05T11:00:00.000Z"),
    accessToken: "shpat_access",
    refreshToken: "shprt_refresh",
    refreshTokenExpires: new Date("2027-02-03T10:00:00.000Z"),
    ...changes,
  });
}

beforeEach(emptyTables);

test("a session comes back as it was stored", async () => {
  expect(await storage.storeSession(session())).toBe(true);
  const loaded = await storage.loadSession("offline_juniper.myshopify.com");
  expect(loaded?.equals(session())).toBe(true);
  expect(loaded?.refreshToken).toBe("shprt_refresh");
});

test("storing it again replaces tokens and dates together", async () => {
  await storage.storeSession(session());
  const next = session({
    accessToken: "shpat_next",
    refreshToken: "shprt_next",
    expires: new Date("2026-11-05T12:00:00.000Z"),
  });
  await storage.storeSession(next);
  expect((await storage.loadSession(next.id))?.equals(next)).toBe(true);
  expect(await storage.findSessionsByShop?.("juniper.myshopify.com")).toHaveLength(1);
});

test("a session without tokens and dates stays without", async () => {
  const bare = new Session({ id: "x", shop: "juniper.myshopify.com", state: "", isOnline: true });
  await storage.storeSession(bare);
  const loaded = await storage.loadSession("x");
  expect(loaded?.equals(bare)).toBe(true);
  expect(loaded?.accessToken).toBeUndefined();
});

test("an unknown session is undefined, and deleting it is no error", async () => {
  expect(await storage.loadSession("nobody")).toBeUndefined();
  expect(await storage.deleteSession("nobody")).toBe(true);
});

test("sessions are deleted by id, and found by shop", async () => {
  for (const id of ["a", "b", "c"]) await storage.storeSession(session({ id }));
  await storage.storeSession(session({ id: "d", shop: "cedar.myshopify.com" }));
  expect(await storage.deleteSession("a")).toBe(true);
  expect(await storage.deleteSessions?.(["b"])).toBe(true);
  expect((await storage.findSessionsByShop?.("juniper.myshopify.com"))?.map(({ id }) => id)).toEqual(["c"]);
  expect((await storage.findSessionsByShop?.("cedar.myshopify.com"))?.map(({ id }) => id)).toEqual(["d"]);
  expect(await storage.findSessionsByShop?.("fir.myshopify.com")).toEqual([]);
});

test("tokens are not in the database in clear, and do not open in another session's row", async () => {
  await storage.storeSession(session());
  const { rows } = await pool.query('SELECT * FROM "Session"');
  expect(JSON.stringify(rows)).not.toMatch(/shpat_|shprt_/);
  await pool.query(`INSERT INTO "Session" ("id", "shopDomain", "isOnline", "accessToken")
    SELECT 'stolen', 'cedar.myshopify.com', false, "accessToken" FROM "Session"`);
  expect(await storage.loadSession("stolen")).toBeUndefined();
});

test("a session sealed with a key that is gone is as good as none: the next visit makes a new one", async () => {
  const lost = sessionStorage({ db, keyring: keyringOf(newKeyringText("lost")) });
  await lost.storeSession(session());
  expect(await storage.loadSession("offline_juniper.myshopify.com")).toBeUndefined();
  await storage.storeSession(session());
  expect(await storage.loadSession("offline_juniper.myshopify.com")).toBeDefined();
});
