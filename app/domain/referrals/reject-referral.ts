import type { Referral } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { revokeReward } from "#app/domain/rewards/revoke-reward.ts";
import { canStep, type State } from "./rules.ts";
import { type Cause, lockReferral, moveReferral } from "./transition.ts";

/** A rejection: by a merchant in their words, or by a rule. */
export type Rejection = {
  readonly cause: Extract<Cause, "merchant_rejected" | "order_cancelled" | "order_refunded" | "customers_merged">;
  readonly reason: string;
  /** False: the events say so, and flows that message customers leave them alone. */
  readonly notify: boolean;
};

/** Rejects a claimed or purchased referral and tells both sides; the friend's unused coupon stops working. */
export async function rejectReferral(ctx: Context, referral: Referral, rejection: Rejection): Promise<Referral> {
  const { shop, tx } = ctx;
  const { cause, reason, notify } = rejection;
  const { referral: rejected, transitionId } = await moveReferral(
    ctx,
    referral,
    "rejected",
    { cause, evidence: { reason, notify } },
    { reason, dueAt: null },
  );
  await revokeReward(ctx, referral.id, "recipient", cause);
  const { recipient, referrer } = await tx.referral.findUniqueOrThrow({
    where: { shopId_id: { shopId: shop.id, id: referral.id } },
    include: { recipient: true, referrer: true },
  });
  const payload = {
    "Rejection Reason": reason,
    "Rejection Type": cause === "merchant_rejected" ? ("manual" as const) : ("automatic" as const),
    "Should Notify Customer": notify,
    ...(recipient.email ? { Email: recipient.email } : {}),
  };
  await ctx.emit({ entry: "rejected.recipient", personId: recipient.id, cause: transitionId, payload });
  await ctx.emit({ entry: "rejected.referrer", personId: referrer.personId, cause: transitionId, payload });
  return rejected;
}

export type JudgeOutcome =
  | { readonly kind: "done"; readonly state: string }
  | { readonly kind: "refused"; readonly because: JudgeRefusal };
/** `order_fell`: cancelled or refunded; `claimed_anew`: the friend has another claim by now. */
export type JudgeRefusal = "unknown_referral" | "wrong_state" | "order_fell" | "claimed_anew";

/** A merchant rejects a referral, with a reason and with or without telling the customers. */
export async function rejectByMerchant(
  ctx: Context,
  id: string,
  { reason, notify }: { reason: string; notify: boolean },
): Promise<JudgeOutcome> {
  const referral = await lockReferral(ctx, id);
  if (!referral) return { kind: "refused", because: "unknown_referral" };
  if (!canStep(referral.state as State, "rejected")) return { kind: "refused", because: "wrong_state" };
  const { state } = await rejectReferral(ctx, referral, { cause: "merchant_rejected", reason, notify });
  return { kind: "done", state };
}
