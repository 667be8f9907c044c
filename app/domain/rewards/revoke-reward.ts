import type { Context } from "#app/domain/context.ts";
import { lockCoupon } from "./lock-coupon.ts";

/** Takes an unused reward back and asks for its code to be deleted; a coupon that was used stays paid. */
export async function revokeReward(
  ctx: Context,
  referralId: string,
  role: "referrer" | "recipient",
  reason: string,
): Promise<void> {
  const { shop, tx, ask } = ctx;
  const reward = await tx.reward.findUnique({
    where: { shopId_referralId_role: { shopId: shop.id, referralId, role } },
  });
  if (!reward || reward.state === "revoked") return;
  const coupon = reward.couponId === null ? null : await lockCoupon(ctx, reward.couponId);
  if (coupon?.state === "used") return;
  await tx.reward.update({
    where: { shopId_id: { shopId: shop.id, id: reward.id } },
    data: { state: "revoked", reason },
  });
  if (!coupon) return;
  await tx.coupon.update({
    where: { shopId_id: { shopId: shop.id, id: coupon.id } },
    data: { state: "disabled", reason },
  });
  await ask({ kind: "disable-coupon", couponId: coupon.id });
}

/** Takes back what a friend whose time is up was promised, where it never came; a coupon that works ends by itself. */
export async function dropUnissued(ctx: Context, referralId: string): Promise<void> {
  const { shop, tx } = ctx;
  const waiting = await tx.reward.count({
    where: { shopId: shop.id, referralId, role: "recipient", state: "issuing" },
  });
  if (waiting > 0) await revokeReward(ctx, referralId, "recipient", "window_ended");
}
