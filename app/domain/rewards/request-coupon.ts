import type { Coupon, Discount } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { newId } from "#app/lib/ids.ts";
import { type DiscountTerms, hashOf, titleOf } from "./discount-terms.ts";

/**
 * Writes a coupon in `issuing` and asks for it: the row with its code stands before Shopify is called, so that whatever
 * crashes in between, the same code is issued once.
 */
export async function requestCoupon(
  ctx: Context,
  coupon: {
    personId: string;
    kind: "referrer_code" | "reward";
    code: string;
    terms: DiscountTerms;
    /** Where it is known before the coupon is issued. */
    expiresAt?: Date;
  },
): Promise<Coupon> {
  const { shop, tx, now } = ctx;
  const discount = await discountFor(ctx, coupon.terms);
  const row = await tx.coupon.create({
    data: {
      shopId: shop.id,
      id: newId("cpn", now),
      discountId: discount.id,
      personId: coupon.personId,
      kind: coupon.kind,
      code: coupon.code,
      state: "issuing",
      expiresAt: coupon.expiresAt ?? null,
      createdAt: now,
    },
  });
  await ctx.ask({ kind: "issue-coupon", couponId: row.id });
  return row;
}

/** The row of the one discount for those terms; the job that issues its first code makes it in Shopify. */
export async function discountFor({ shop, tx, now }: Context, terms: DiscountTerms): Promise<Discount> {
  const key = { shopId: shop.id, termsHash: hashOf(terms) };
  return tx.discount.upsert({
    where: { shopId_termsHash: key },
    create: { ...key, id: newId("dsc", now), terms, title: titleOf(terms, shop.currency), createdAt: now },
    update: {},
  });
}
