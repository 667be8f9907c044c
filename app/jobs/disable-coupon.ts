import { z } from "zod";
import { admin } from "#app/admin.server.ts";
import { now } from "#app/clock.server.ts";
import { db } from "#app/db.server.ts";
import { deleteCodes, findCode } from "#app/shopify/admin/discounts.ts";
import { AdminRefused } from "#app/shopify/admin/errors.ts";
import { job, patient } from "./job.ts";

/** Takes the code of a coupon that was taken back out of Shopify; one that is not there needs nothing. */
export const disableCoupon = job({
  payload: z.object({ shopId: z.string(), couponId: z.string() }),
  retry: patient,
  run: async ({ shopId, couponId }) => {
    const row = { where: { shopId_id: { shopId, id: couponId } } };
    const coupon = await db.coupon.findUniqueOrThrow({
      ...row,
      include: { discount: { include: { shop: true } } },
    });
    const client = admin(coupon.discount.shop.domain);
    const found = await findCode(client, coupon.code);
    // The same code in another discount is the merchant's own.
    if (found && found.discountGid === coupon.discount.gid) {
      if (!found.codeGid) throw new AdminRefused(`${coupon.code} works, and its discount does not list it`);
      const { errors } = await deleteCodes(client, found.discountGid, [found.codeGid]);
      if (errors.length > 0) throw new AdminRefused(errors.map(({ message }) => message).join("; "));
    }
    await db.coupon.update({ ...row, data: { removedAt: now() } });
  },
});
