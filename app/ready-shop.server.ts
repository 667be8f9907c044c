import type { Shop } from "@prisma/client";
import { admin } from "#app/admin.server.ts";
import { now } from "#app/clock.server.ts";
import { db } from "#app/db.server.ts";
import { ensureProgram } from "#app/domain/referrals/program.ts";
import { syncShop } from "#app/shopify/install.ts";
import { transact } from "#app/transact.server.ts";

/** Reads the shop's facts from Shopify and gives it its default program. Running it again changes nothing but news. */
export async function readyShop({ id, domain }: Pick<Shop, "id" | "domain">): Promise<Shop> {
  const shop = await syncShop({ db, admin: admin(domain), now }, id);
  await transact(id, ensureProgram);
  return shop;
}
