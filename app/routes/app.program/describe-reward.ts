import type { TFunction } from "i18next";
import { formatBriefly, parseMoney } from "#app/lib/money.ts";
import type { ProgramForm, RewardForm } from "./form.ts";

export type Role = "recipient" | "referrer";
/** `language` is that of `t`: a sentence and its figures are in one, whoever reads them later. */
export type Words = { readonly t: TFunction; readonly language: string; readonly currency: string };

/** What a reward gives, in words, as far as it is typed: "10% off first order over $50". */
export function describeReward(words: Words, role: Role, form: ProgramForm): string {
  const { t } = words;
  const reward = form[`${role}Reward`];
  const offer = offerOf(words, reward);
  if (!offer) return "";
  const order = role === "referrer" ? "referrer" : form.firstOrderOnly ? "recipient" : "anyOrder";
  const described = t(`program.described.${order}`, { offer });
  const minimum = amountIn(words, reward.minimumSpend);
  return minimum ? t("program.described.over", { described, minimum }) : described;
}

function offerOf(words: Words, { type, percent, amount }: RewardForm): string {
  const { t } = words;
  if (type === "free_shipping") return t("program.offer.free_shipping");
  if (type === "percentage") return percent.trim() && t("program.offer.percentage", { percent: percent.trim() });
  const money = amountIn(words, amount);
  return money && t("program.offer.fixed", { amount: money });
}

/** An amount that is typed, as the sentence writes it; "" where none is. */
function amountIn({ language, currency }: Words, typed: string): string {
  if (!/^\d+([.,]\d+)?$/.test(typed.trim())) return "";
  try {
    return formatBriefly(parseMoney(typed.trim().replace(",", "."), currency), language);
  } catch (error) {
    if (error instanceof RangeError) return "";
    throw error;
  }
}
