import type { Person, Referral } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import type { ProgramTerms } from "#app/domain/referrals/terms.ts";
import { couponCode } from "#app/lib/codes.ts";
import { newId } from "#app/lib/ids.ts";
import { rewardDiscount } from "./discount-terms.ts";
import { emitReceived } from "./emit-received.ts";
import { expiryOf } from "./expiry.ts";
import { requestCoupon } from "./request-coupon.ts";
import { takeFromStock } from "./stock.ts";

/**
 * Gives the friend of a claimed referral their coupon: at once from stock, or by a job when the stock is empty.
 * @returns the code if it works already
 */
export async function rewardRecipient(
  ctx: Context,
  referral: Referral,
  recipient: Person,
  { recipientReward: terms }: ProgramTerms,
): Promise<string | null> {
  const { shop, tx, now } = ctx;
  const discount = rewardDiscount(terms);
  const expiresAt = expiryOf(terms, now);
  const stocked = await takeFromStock(ctx, discount, { personId: recipient.id, expiresAt });
  const coupon =
    stocked ??
    (await requestCoupon(ctx, {
      personId: recipient.id,
      kind: "reward",
      code: couponCode(terms.codePrefix),
      terms: discount,
    }));
  const reward = await tx.reward.create({
    data: {
      shopId: shop.id,
      id: newId("rwd", now),
      referralId: referral.id,
      personId: recipient.id,
      role: "recipient",
      state: stocked ? "issued" : "issuing",
      terms,
      couponId: coupon.id,
      createdAt: now,
      issuedAt: stocked ? now : null,
    },
  });
  if (!stocked) return null;
  await emitReceived(ctx, { reward, coupon, terms });
  return coupon.code;
}
