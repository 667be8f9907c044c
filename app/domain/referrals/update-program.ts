import type { z } from "zod";
import type { Context } from "#app/domain/context.ts";
import { hashesOf } from "#app/domain/rewards/deleted-discounts.ts";
import { rewardDiscount } from "#app/domain/rewards/discount-terms.ts";
import { remakeDiscounts } from "#app/domain/rewards/remake-discounts.ts";
import { openStock } from "#app/domain/rewards/stock.ts";
import { followTerms } from "./move-codes.ts";
import { ensureProgram } from "./program.ts";
import { programTerms } from "./terms.ts";

/** What is wrong with a term. `field` is its path: `recipientReward.value.percent`. */
export type TermError = {
  readonly field: string;
  readonly code: "required" | "format" | "too_small" | "too_big";
};

export type UpdateOutcome =
  | { readonly kind: "saved"; readonly version: number }
  | { readonly kind: "refused"; readonly errors: readonly TermError[] };

/**
 * Puts new terms into force, as the next version of the program: earlier referrals keep the terms that they were made
 * under. Codes for the friends' new reward are asked for at once, and the referrers' own codes follow. Who puts terms into
 * force wants their discounts, also those that were deleted.
 * @param terms what the merchant says, unchecked
 */
export async function updateProgram(ctx: Context, terms: unknown): Promise<UpdateOutcome> {
  const { shop, tx, now } = ctx;
  const parsed = programTerms.safeParse(terms, { reportInput: true });
  if (!parsed.success) return { kind: "refused", errors: parsed.error.issues.map(errorOf) };
  const live = await ensureProgram(ctx);
  const { version } = await tx.program.update({
    where: { shopId_id: { shopId: shop.id, id: live.id } },
    data: { version: { increment: 1 } },
  });
  await tx.programVersion.create({
    data: { shopId: shop.id, programId: live.id, version, terms: parsed.data, createdAt: now },
  });
  await remakeDiscounts(ctx, hashesOf(parsed.data));
  await openStock(ctx, rewardDiscount(parsed.data.recipientReward));
  await followTerms(ctx);
  return { kind: "saved", version };
}

function errorOf(issue: z.core.$ZodIssue): TermError {
  return { field: issue.path.join("."), code: codeOf(issue) };
}

function codeOf({ code, input }: z.core.$ZodIssue): TermError["code"] {
  if (input === undefined || input === "") return "required";
  return code === "too_small" || code === "too_big" ? code : "format";
}
