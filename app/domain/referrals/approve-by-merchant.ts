import type { Context } from "#app/domain/context.ts";
import { approveReferral } from "./approve-referral.ts";
import { readTerms } from "./program.ts";
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

/** A merchant takes a rejection back: the referral is where it was; a hold that ended meanwhile is settled at once. */
export async function overruleRejection(ctx: Context, id: string): Promise<JudgeOutcome> {
  const { shop, tx, now } = ctx;
  const referral = await lockReferral(ctx, id);
  if (!referral) return { kind: "refused", because: "unknown_referral" };
  if (referral.state !== "rejected") return { kind: "refused", because: "wrong_state" };
  const last = await tx.referralTransition.findFirstOrThrow({
    where: { shopId: shop.id, referralId: id },
    orderBy: { seq: "desc" },
  });
  const terms = await readTerms(ctx, referral.programId, referral.programVersion);
  const back = last.from as State;
  const days = back === "purchased" ? terms.holdDays : terms.claimDays;
  const since = back === "purchased" ? (referral.purchasedAt ?? now) : now;
  const { referral: restored } = await moveReferral(
    ctx,
    referral,
    back,
    { cause: "merchant_overruled", evidence: {} },
    { reason: null, dueAt: new Date(since.getTime() + days * DAY) },
  );
  return { kind: "done", state: restored.state };
}
