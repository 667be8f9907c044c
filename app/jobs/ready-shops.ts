import { db } from "#app/db.server.ts";

/** The shops that have the app and whose facts are known, or those of the given ones that do. */
export async function readyShops(among?: readonly string[]): Promise<string[]> {
  const shops = await db.shop.findMany({
    where: { uninstalledAt: null, syncedAt: { not: null }, ...(among ? { id: { in: [...among] } } : {}) },
    select: { id: true },
    orderBy: { id: "asc" },
  });
  return shops.map(({ id }) => id);
}
