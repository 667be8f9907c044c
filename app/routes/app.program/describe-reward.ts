import type { TFunction } from "i18next";
import { formatMoney, parseMoney } from "#app/lib/money.ts";
import type { ProgramForm, RewardForm } from "./form.ts";

export type Role = "recipient" | "referrer";
export type Reader = { readonly t: TFunction; readonly currency: string; readonly locale: string };

/** What a reward gives, in words, as far as it is typed: "10% off first order over $50". */
export function describeReward(reader: Reader, role: Role, form: ProgramForm): string {
  const { t } = reader;
  const reward = form[`${role}Reward`];
  const offer = offerOf(reader, reward);
  if (!offer) return "";
  const order = role === "referrer" ? "referrer" : form.firstOrderOnly ? "recipient" : "anyOrder";
  const described = t(`program.described.${order}`, { offer });
  const minimum = amountIn(reader, reward.minimumSpend);
  return minimum ? t("program.described.over", { described, minimum }) : described;
}

function offerOf(reader: Reader, { type, percent, amount }: RewardForm): string {
  const { t } = reader;
  if (type === "free_shipping") return t("program.offer.free_shipping");
  if (type === "percentage") return percent.trim() && t("program.offer.percentage", { percent: percent.trim() });
  const money = amountIn(reader, amount);
  return money && t("program.offer.fixed", { amount: money });
}

/** An amount that is typed, as the reader writes it; "" where none is. */
function amountIn({ currency, locale }: Reader, typed: string): string {
  if (!/^\d+([.,]\d+)?$/.test(typed.trim())) return "";
  try {
    return formatMoney(parseMoney(typed.trim().replace(",", "."), currency), locale).replace(/[.,]00$/, "");
  } catch (error) {
    if (error instanceof RangeError) return "";
    throw error;
  }
}
