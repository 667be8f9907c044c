import type { Context } from "#app/domain/context.ts";
import { claimEnd } from "#app/domain/rewards/expiry.ts";
import { restoreReward } from "#app/domain/rewards/reward-recipient.ts";
import { approveReferral } from "./approve-referral.ts";
import { hasFallen } from "./follow-order.ts";
import { readTerms } from "./program.ts";
import { openReferralOf } from "./recipient.ts";
import type { JudgeOutcome } from "./reject-referral.ts";
import type { State } from "./rules.ts";
import { lockReferral, moveReferral } from "./transition.ts";

const DAY = 86_400_000;

/** A merchant approves a purchased referral before its hold ends, or one that was under review. */
export async function approveByMerchant(ctx: Context, id: string): Promise<JudgeOutcome> {
  const referral = await lockReferral(ctx, id);
  if (!referral) return { kind: "refused", because: "unknown_referral" };
  if (referral.state !== "purchased") return { kind: "refused", because: "wrong_state" };
  const terms = await readTerms(ctx, referral.programId, referral.programVersion);
  const { state } = await approveReferral(ctx, referral, terms, { cause: "merchant_approved", evidence: {} });
  return { kind: "done", state };
}

/**
 * A merchant takes a rejection back: the referral is where it was, with a coupon that works; a hold that ended meanwhile is
 * settled at once. Where the order fell there is nothing to go back to: the referral would be rejected again in the same
 * breath, and both sides told twice, so the rejection stands.
 */
export async function overruleRejection(ctx: Context, id: string): Promise<JudgeOutcome> {
  const { shop, tx, now } = ctx;
  const referral = await lockReferral(ctx, id);
  if (!referral) return { kind: "refused", because: "unknown_referral" };
  if (referral.state !== "rejected") return { kind: "refused", because: "wrong_state" };
  if (await hasFallen(ctx, referral)) return { kind: "refused", because: "order_fell" };
  const last = await tx.referralTransition.findFirstOrThrow({
    where: { shopId: shop.id, referralId: id },
    orderBy: { seq: "desc" },
  });
  const back = last.from as State;
  if (back === "claimed" && (await openReferralOf(ctx, referral.programId, [referral.recipientId])))
    return { kind: "refused", because: "claimed_anew" };
  const terms = await readTerms(ctx, referral.programId, referral.programVersion);
  const held = () => new Date((referral.purchasedAt ?? now).getTime() + terms.holdDays * DAY);
  const { referral: restored } = await moveReferral(
    ctx,
    referral,
    back,
    { cause: "merchant_overruled", evidence: {} },
    { reason: null, dueAt: back === "purchased" ? held() : claimEnd(terms, now) },
  );
  await restoreReward(ctx, restored, terms);
  return { kind: "done", state: restored.state };
}
