import type { Prisma } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { friendsDiscount, hashOf } from "#app/domain/rewards/discount-terms.ts";
import { discountFor } from "#app/domain/rewards/request-coupon.ts";
import { readProgram } from "./program.ts";
import type { ProgramTerms } from "./terms.ts";

/** Codes of one move: they are looked up one by one in Shopify, and a job has two minutes. */
const BATCH = 100;

/** Asks for the referrers' own codes to follow the terms in force, if there are any that give others. */
export async function followTerms(ctx: Context): Promise<void> {
  const { shop, tx, ask } = ctx;
  const program = await readProgram(ctx);
  if (!program) return;
  const behind = await tx.coupon.findFirst({ where: codesBehind(shop.id, program.terms), select: { id: true } });
  if (behind) await ask({ kind: "move-codes" });
}

/**
 * Chooses the next codes that are to move, and says of each that it is `moving` before Shopify is called: wherever a try
 * leaves it, the next one finds it, also when the terms have changed (even back) meanwhile.
 * @returns the codes and the discount of the terms in force; null when every code is where it belongs, or that discount was
 * deleted
 */
export async function planMove(ctx: Context): Promise<{ discountId: string; codes: string[] } | null> {
  const { shop, tx } = ctx;
  const program = await readProgram(ctx);
  if (!program) return null;
  const coupons = await tx.coupon.findMany({
    where: codesBehind(shop.id, program.terms),
    orderBy: { id: "asc" },
    take: BATCH,
    select: { id: true, code: true },
  });
  if (coupons.length === 0) return null;
  const discount = await discountFor(ctx, friendsDiscount(program.terms.recipientReward));
  if (discount.deletedAt) return null;
  await tx.coupon.updateMany({
    where: { shopId: shop.id, id: { in: coupons.map(({ id }) => id) } },
    data: { state: "moving" },
  });
  return { discountId: discount.id, codes: coupons.map(({ code }) => code) };
}

/** Records which codes moved and which Shopify will never take, and asks for those that are still behind. */
export async function codesMoved(
  ctx: Context,
  discountId: string,
  { working, refused }: { working: readonly string[]; refused: ReadonlyMap<string, string> },
): Promise<void> {
  const { shop, tx } = ctx;
  await tx.coupon.updateMany({
    where: { shopId: shop.id, code: { in: [...working] }, state: "moving" },
    data: { state: "live", discountId },
  });
  for (const [code, reason] of refused) {
    await tx.coupon.updateMany({
      where: { shopId: shop.id, code, state: "moving" },
      data: { state: "failed", reason },
    });
  }
  await followTerms(ctx);
}

function codesBehind(shopId: string, { recipientReward }: ProgramTerms): Prisma.CouponWhereInput & { shopId: string } {
  const inForce = hashOf(friendsDiscount(recipientReward));
  return {
    shopId,
    kind: "referrer_code",
    OR: [
      { state: "moving" },
      { state: "live", discount: { termsHash: { not: inForce } } },
      // Its discount was deleted before it came there, and is none to wait for.
      { state: "issuing", discount: { termsHash: { not: inForce }, deletedAt: { not: null } } },
    ],
  };
}
