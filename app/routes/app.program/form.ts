import { z } from "zod";
import type { ProgramTerms, RewardTerms, RewardValue } from "#app/domain/referrals/terms.ts";
import { decimalOf, parseMoney } from "#app/lib/money.ts";

/** A reward as it is typed: what one kind of value needs stays while another is chosen. */
const rewardForm = z.object({
  type: z.enum(["percentage", "fixed", "free_shipping"]),
  percent: z.string(),
  amount: z.string(),
  minimumSpend: z.string(),
  expiresInDays: z.string(),
  codePrefix: z.string(),
  description: z.string(),
});
export type RewardForm = z.output<typeof rewardForm>;

/** The page's form, as it is typed. */
const programForm = z.object({
  recipientReward: rewardForm,
  referrerReward: rewardForm,
  holdDays: z.string(),
  claimDays: z.string(),
  minimumOrderRevenue: z.string(),
  firstOrderOnly: z.boolean(),
  countsUnclaimed: z.boolean(),
  verifyAddress: z.boolean(),
  revenueWithTax: z.boolean(),
});
export type ProgramForm = z.output<typeof programForm>;

/** What was sent, if it is this form. */
export function parseForm(body: unknown): ProgramForm | null {
  return programForm.safeParse(body).data ?? null;
}

/** The form filled in with the terms in force. @param currency the shop's */
export function formOf(terms: ProgramTerms, currency: string): ProgramForm {
  const { recipientReward, referrerReward, holdDays, claimDays, minimumOrderRevenue, ...switches } = terms;
  return {
    ...switches,
    recipientReward: rewardFormOf(recipientReward, currency),
    referrerReward: rewardFormOf(referrerReward, currency),
    holdDays: String(holdDays),
    claimDays: String(claimDays),
    minimumOrderRevenue: amountText(minimumOrderRevenue, currency),
  };
}

function rewardFormOf(terms: RewardTerms, currency: string): RewardForm {
  const { value, minimumSpend, expiresInDays, codePrefix, description } = terms;
  return {
    type: value.type,
    percent: value.type === "percentage" ? String(value.percent) : "",
    amount: value.type === "fixed" ? amountText(value.minor, currency) : "",
    minimumSpend: minimumSpend === null ? "" : amountText(minimumSpend, currency),
    expiresInDays: expiresInDays === null ? "" : String(expiresInDays),
    codePrefix,
    description,
  };
}

/** The terms that a form says, for `updateProgram` to check: undefined where nothing was typed, NaN where no figure was. */
export function termsOf(form: ProgramForm, currency: string): unknown {
  return {
    ...form,
    recipientReward: rewardOf(form.recipientReward, currency),
    referrerReward: rewardOf(form.referrerReward, currency),
    holdDays: wholeOf(form.holdDays),
    claimDays: wholeOf(form.claimDays),
    minimumOrderRevenue: minorOf(form.minimumOrderRevenue, currency),
  };
}

function rewardOf(form: RewardForm, currency: string) {
  return {
    value: chosenValue(form, currency),
    minimumSpend: minorOf(form.minimumSpend, currency) ?? null,
    expiresInDays: wholeOf(form.expiresInDays) ?? null,
    codePrefix: form.codePrefix.trim().toUpperCase(),
    description: form.description.trim(),
  };
}

function chosenValue({ type, percent, amount }: RewardForm, currency: string): Partial<RewardValue> {
  switch (type) {
    case "percentage":
      return { type, percent: figureOf(percent) };
    case "fixed":
      return { type, minor: minorOf(amount, currency) };
    case "free_shipping":
      return { type };
  }
}

function figureOf(text: string): number | undefined {
  const typed = decimal(text);
  return typed === "" ? undefined : Number(typed);
}

/** "1,000" is a thousand to some and one to others. */
function wholeOf(text: string): number | undefined {
  return /[.,]/.test(text) ? Number.NaN : figureOf(text);
}

/** Minor units of what was typed; a figure that the currency does not have is none. */
function minorOf(text: string, currency: string): number | undefined {
  const typed = decimal(text);
  if (typed === "") return undefined;
  try {
    return Number(parseMoney(typed, currency).minor);
  } catch (error) {
    if (error instanceof RangeError) return Number.NaN;
    throw error;
  }
}

/** Half of the world writes 9,90. */
function decimal(text: string): string {
  return text.trim().replace(/^(\d+),(\d{1,3})$/, "$1.$2");
}

function amountText(minor: number, currency: string): string {
  return decimalOf({ minor: BigInt(minor), currency });
}
