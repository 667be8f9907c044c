import type { Context } from "#app/domain/context.ts";

/** Takes an unused reward back and asks for its code to be deleted; a coupon that was used stays paid. */
export async function revokeReward(
  { shop, tx, ask }: Context,
  referralId: string,
  role: "referrer" | "recipient",
  reason: string,
): Promise<void> {
  const reward = await tx.reward.findUnique({
    where: { shopId_referralId_role: { shopId: shop.id, referralId, role } },
    include: { coupon: true },
  });
  if (!reward || reward.state === "revoked" || reward.coupon?.state === "used") return;
  await tx.reward.update({
    where: { shopId_id: { shopId: shop.id, id: reward.id } },
    data: { state: "revoked", reason },
  });
  if (!reward.couponId) return;
  await tx.coupon.update({
    where: { shopId_id: { shopId: shop.id, id: reward.couponId } },
    data: { state: "disabled", reason },
  });
  await ask({ kind: "disable-coupon", couponId: reward.couponId });
}
