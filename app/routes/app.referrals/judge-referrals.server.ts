import type { Context } from "#app/domain/context.ts";
import { approveByMerchant, overruleRejection } from "#app/domain/referrals/approve-by-merchant.ts";
import { areReferrals } from "#app/domain/referrals/read-referral.ts";
import { type JudgeOutcome, rejectByMerchant } from "#app/domain/referrals/reject-referral.ts";
import { lookAgain } from "#app/look-again.server.ts";
import { notFound } from "#app/routes/app/not-found.ts";
import { AdminUnavailable, ReconnectNeeded } from "#app/shopify/admin/errors.ts";
import { transact } from "#app/transact.server.ts";
import { type Judgement, type JudgementAnswer, parseJudgement, type Refused } from "./judgement.ts";

/**
 * Does what a form says, one referral after another: each is a decision of its own. What may pay is decided on the orders
 * as they are in Shopify now; where Shopify does not say, nothing is decided.
 * @throws Response 400 if it is no form of ours, 404 if it names what is no referral of the shop
 */
export async function judgeReferrals(form: FormData, shopId: string): Promise<JudgementAnswer> {
  const said = parseJudgement(form);
  if (!said) throw new Response(null, { status: 400 });
  if (!(await transact(shopId, (ctx) => areReferrals(ctx, said.ids)))) throw notFound();
  if (said.intent === "reject" && said.reason === "") return { ok: false, field: "reason" };
  const unseen = said.intent === "reject" ? [] : await unseenOf(shopId, said.ids);
  const refused: Refused[] = unseen.map((id) => ({ id, because: "shopify_unavailable" }));
  for (const id of said.ids.filter((each) => !unseen.includes(each))) {
    const outcome = await transact(shopId, (ctx) => judge(ctx, id, said));
    if (outcome.kind === "refused") refused.push({ id, because: outcome.because });
  }
  return { ok: true, intent: said.intent, done: said.ids.length - refused.length, refused };
}

/** Those whose order Shopify does not say anything about now. */
async function unseenOf(shopId: string, ids: readonly string[]): Promise<string[]> {
  const seen = await Promise.all(ids.map((id) => isSeen(shopId, id)));
  return ids.filter((_, i) => !seen[i]);
}

async function isSeen(shopId: string, id: string): Promise<boolean> {
  try {
    await lookAgain(shopId, [id]);
    return true;
  } catch (error) {
    if (error instanceof AdminUnavailable || error instanceof ReconnectNeeded) return false;
    throw error;
  }
}

function judge(ctx: Context, id: string, said: Judgement): Promise<JudgeOutcome> {
  switch (said.intent) {
    case "approve":
      return approveByMerchant(ctx, id);
    case "overrule":
      return overruleRejection(ctx, id);
    case "reject":
      return rejectByMerchant(ctx, id, said);
  }
}
