import type { Context } from "#app/domain/context.ts";
import { readProgram } from "#app/domain/referrals/program.ts";
import type { ProgramTerms } from "#app/domain/referrals/terms.ts";
import { friendsDiscount, hashOf, rewardDiscount } from "./discount-terms.ts";

/** The states of coupons that somebody has, or is to get. */
const HELD = ["issuing", "live"];

/** Whether a discount in Shopify is one of ours. */
export async function isOwnDiscount({ shop, tx }: Context, gid: string): Promise<boolean> {
  return (await tx.discount.count({ where: { shopId: shop.id, gid } })) > 0;
}

/**
 * The merchant deleted a discount of ours in Shopify, and with it all its codes. Their word stands: nobody is given one of
 * its codes until they want it again. A discount that nobody misses is just forgotten, and made when it is needed.
 */
export async function discountDeleted(ctx: Context, gid: string): Promise<void> {
  const { shop, tx, now } = ctx;
  const discount = await tx.discount.findFirst({ where: { shopId: shop.id, gid } });
  if (!discount) return;
  const codes = { shopId: shop.id, discountId: discount.id };
  const held = await tx.coupon.count({ where: { ...codes, state: { in: HELD } } });
  const isMissed = held > 0 || (await hashesInForce(ctx)).includes(discount.termsHash);
  await tx.discount.update({
    where: { shopId_id: { shopId: shop.id, id: discount.id } },
    data: { gid: null, firstCode: null, deletedAt: isMissed ? now : null },
  });
  await tx.coupon.updateMany({ where: { ...codes, state: "stock" }, data: { state: "stocking" } });
}

/** A discount of ours that the merchant deleted in Shopify. */
export type DeletedDiscount = {
  /** What Shopify called it. */
  readonly title: string;
  /** Its codes that customers have and cannot use, or wait for. */
  readonly held: number;
};

/** The deleted discounts that somebody misses, the oldest first. */
export async function listDeleted(ctx: Context): Promise<DeletedDiscount[]> {
  const { shop, tx } = ctx;
  const inForce = await hashesInForce(ctx);
  const deleted = await tx.discount.findMany({
    where: { shopId: shop.id, deletedAt: { not: null } },
    orderBy: { id: "asc" },
    include: { _count: { select: { coupons: { where: { state: { in: HELD } } } } } },
  });
  return deleted
    .map(({ title, termsHash, _count }) => ({ title, termsHash, held: _count.coupons }))
    .filter(({ termsHash, held }) => held > 0 || inForce.includes(termsHash))
    .map(({ title, held }) => ({ title, held }));
}

async function hashesInForce(ctx: Context): Promise<string[]> {
  const program = await readProgram(ctx);
  return program ? hashesOf(program.terms) : [];
}

/** The discounts that these terms give codes of. */
export function hashesOf({ recipientReward, referrerReward }: ProgramTerms): string[] {
  return [rewardDiscount(recipientReward), friendsDiscount(recipientReward), rewardDiscount(referrerReward)].map(
    hashOf,
  );
}
