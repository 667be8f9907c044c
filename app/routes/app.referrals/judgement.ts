import { z } from "zod";
import type { JudgeRefusal } from "#app/domain/referrals/reject-referral.ts";
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

/** Why a referral stayed as it was: by our rules, or because Shopify did not say how its order stands. */
export type Refused = { readonly id: string; readonly because: JudgeRefusal | "shopify_unavailable" };

export type JudgementAnswer =
  | {
      readonly ok: true;
      readonly intent: Judgement["intent"];
      readonly done: number;
      /** The others. */
      readonly refused: readonly Refused[];
    }
  | { readonly ok: false; readonly field: "reason" };
