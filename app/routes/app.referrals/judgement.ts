import { z } from "zod";
import type { Context } from "#app/domain/context.ts";
import { approveByMerchant, overruleRejection } from "#app/domain/referrals/approve-by-merchant.ts";
import { type JudgeOutcome, rejectByMerchant } from "#app/domain/referrals/reject-referral.ts";
import { PAGE_SIZE } from "#app/routes/app/cursor.ts";

const ids = z
  .array(z.string().regex(/^rfl_[0-9a-z]{26}$/))
  .min(1)
  .max(PAGE_SIZE);

/** What a merchant may decide about referrals. */
const judgement = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("approve"), ids }),
  z.object({ intent: z.literal("overrule"), ids }),
  z.object({
    intent: z.literal("reject"),
    ids,
    /** In the merchant's words; "" is for them to mend. */
    reason: z.string().trim().max(200),
    notify: z.enum(["yes", "no"]).transform((answer) => answer === "yes"),
  }),
]);
export type Judgement = z.output<typeof judgement>;

/** What a form says about one or more referrals (`id`, repeated); null if it is no form of ours. */
export function parseJudgement(form: FormData): Judgement | null {
  const parsed = judgement.safeParse({ ...Object.fromEntries(form), ids: form.getAll("id") });
  return parsed.success ? parsed.data : null;
}

export type JudgementAnswer =
  | { readonly ok: true; readonly intent: Judgement["intent"]; readonly done: number; readonly refused: number }
  | { readonly ok: false; readonly field: "reason" };

/**
 * Does what a form says, one referral after another: each is a decision of its own.
 * @throws Response 400 if it is no form of ours
 */
export async function judgeReferrals(
  form: FormData,
  decide: (decision: (ctx: Context) => Promise<JudgeOutcome>) => Promise<JudgeOutcome>,
): Promise<JudgementAnswer> {
  const said = parseJudgement(form);
  if (!said) throw new Response(null, { status: 400 });
  if (said.intent === "reject" && said.reason === "") return { ok: false, field: "reason" };
  let done = 0;
  for (const id of said.ids) {
    const { kind } = await decide((ctx) => judge(ctx, id, said));
    if (kind === "done") done++;
  }
  return { ok: true, intent: said.intent, done, refused: said.ids.length - done };
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
