import type { Context } from "#app/domain/context.ts";
import { followTerms } from "#app/domain/referrals/move-codes.ts";
import { readProgram } from "#app/domain/referrals/program.ts";
import { type ProgramTerms, rewardTerms } from "#app/domain/referrals/terms.ts";
import { couponCode } from "#app/lib/codes.ts";
import { friendsDiscount, hashOf, rewardDiscount } from "./discount-terms.ts";
import { lockCoupon } from "./lock-coupon.ts";
import { requestCoupon } from "./request-coupon.ts";

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

/**
 * The merchant wants deleted discounts back: the codes that customers have are to work again, those that are owed are
 * made, and the stock is filled.
 * @param termsHashes which of them; all if not given
 */
export async function remakeDiscounts(ctx: Context, termsHashes?: readonly string[]): Promise<void> {
  const { shop, tx, ask } = ctx;
  const deleted = await tx.discount.findMany({
    where: {
      shopId: shop.id,
      deletedAt: { not: null },
      ...(termsHashes ? { termsHash: { in: [...termsHashes] } } : {}),
    },
    include: { coupons: { where: { state: "issuing" }, select: { id: true } } },
  });
  for (const { id: discountId, coupons } of deleted) {
    const row = { shopId: shop.id, id: discountId };
    await tx.discount.update({ where: { shopId_id: row }, data: { deletedAt: null } });
    await ask({ kind: "remake-codes", discountId, after: "" });
    await ask({ kind: "stock-coupons", discountId });
    for (const { id } of coupons) await ask({ kind: "issue-coupon", couponId: id });
  }
  if (deleted.length > 0) await followTerms(ctx);
}

/** Coupons of one discount that are to work in Shopify again, at most so many of them. */
export async function planRemake({ shop, tx }: Context, discountId: string, after: string, most: number) {
  return tx.coupon.findMany({
    where: { shopId: shop.id, discountId, state: "live", id: { gt: after } },
    orderBy: { id: "asc" },
    take: most,
    select: { id: true, code: true },
  });
}

/**
 * Records which codes Shopify would not take again, for the merchant has used them for something else meanwhile: whoever
 * had one as a reward gets another, a referrer's own fails. Asks for the codes after these.
 */
export async function codesRemade(
  ctx: Context,
  discountId: string,
  coupons: readonly { readonly id: string; readonly code: string }[],
  refused: ReadonlyMap<string, string>,
): Promise<void> {
  for (const { id, code } of coupons) {
    const reason = refused.get(code);
    if (reason !== undefined) await replaceCoupon(ctx, id, reason);
  }
  const last = coupons.at(-1);
  if (last) await ctx.ask({ kind: "remake-codes", discountId, after: last.id });
}

/** Records that the codes could not all be made again: the merchant is told as before. */
export async function remakeFailed({ shop, tx, now }: Context, discountId: string): Promise<void> {
  await tx.discount.update({
    where: { shopId_id: { shopId: shop.id, id: discountId } },
    data: { deletedAt: now },
  });
}

async function replaceCoupon(ctx: Context, id: string, reason: string): Promise<void> {
  const { shop, tx } = ctx;
  const { state, personId, reward, expiresAt } = await lockCoupon(ctx, id);
  if (state !== "live") return;
  await tx.coupon.update({ where: { shopId_id: { shopId: shop.id, id } }, data: { state: "failed", reason } });
  if (!reward || !personId) return;
  const promised = rewardTerms.parse(reward.terms);
  const other = await requestCoupon(ctx, {
    personId,
    kind: "reward",
    code: couponCode(promised.codePrefix),
    terms: rewardDiscount(promised),
    ...(expiresAt ? { expiresAt } : {}),
  });
  await tx.reward.update({
    where: { shopId_id: { shopId: shop.id, id: reward.id } },
    data: { state: "issuing", couponId: other.id, issuedAt: null },
  });
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
