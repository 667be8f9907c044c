import type { Context } from "#app/domain/context.ts";
import { approveByMerchant, overruleRejection } from "#app/domain/referrals/approve-by-merchant.ts";
import { areReferrals } from "#app/domain/referrals/read-referral.ts";
import { type JudgeOutcome, type JudgeRefusal, rejectByMerchant } from "#app/domain/referrals/reject-referral.ts";
import { lookAgain } from "#app/look-again.server.ts";
import { notFound } from "#app/routes/app/not-found.ts";
import { transact } from "#app/transact.server.ts";
import { type Judgement, type JudgementAnswer, parseJudgement } from "./judgement.ts";

/**
 * Does what a form says, one referral after another: each is a decision of its own. What may pay is decided on the orders
 * as they are in Shopify now.
 * @throws Response 400 if it is no form of ours, 404 if it names what is no referral of the shop; what `lookAgain` throws, and then nothing was decided
 */
export async function judgeReferrals(form: FormData, shopId: string): Promise<JudgementAnswer> {
  const said = parseJudgement(form);
  if (!said) throw new Response(null, { status: 400 });
  if (!(await transact(shopId, (ctx) => areReferrals(ctx, said.ids)))) throw notFound();
  if (said.intent === "reject" && said.reason === "") return { ok: false, field: "reason" };
  if (said.intent !== "reject") await lookAgain(shopId, said.ids);
  const refused: JudgeRefusal[] = [];
  for (const id of said.ids) {
    const outcome = await transact(shopId, (ctx) => judge(ctx, id, said));
    if (outcome.kind === "refused") refused.push(outcome.because);
  }
  return { ok: true, intent: said.intent, done: said.ids.length - refused.length, refused };
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
