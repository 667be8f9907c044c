import { z } from "zod";
import { db } from "#app/db.server.ts";
import { readyShop } from "#app/ready-shop.server.ts";
import { job, patient } from "./job.ts";

/** Reads a newly installed shop's currency, domain and name from Shopify, and gives it its default program. */
export const syncShop = job({
  payload: z.object({ shopId: z.string() }),
  retry: patient,
  run: async ({ shopId }) => {
    const shop = await db.shop.findUniqueOrThrow({ where: { id: shopId } });
    if (!shop.uninstalledAt) await readyShop(shop);
  },
});
