/** Money is a whole number of the currency's smallest unit everywhere in the simulator; decimals exist only in payloads. */

const EXPONENTS: Record<string, number> = {
  ...Object.fromEntries(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(" ").map((c) => [c, 0]),
  ),
  ...Object.fromEntries("BHD IQD JOD KWD LYD OMR TND".split(" ").map((c) => [c, 3])),
};

/** How many decimals ISO 4217 gives the currency. */
export function exponentOf(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}

/** 1999 USD → "19.99", 1999 JPY → "1999", 1999 KWD → "1.999": as webhooks write it. */
export function toDecimal(minor: number, currency: string): string {
  return (minor / 10 ** exponentOf(currency)).toFixed(exponentOf(currency));
}

/** As the GraphQL `Decimal` of MoneyV2 prints it: no trailing zeros, but always one decimal ("10.0", "19.99", "1999.0"). */
export function toGraphqlDecimal(minor: number, currency: string): string {
  const plain = String(minor / 10 ** exponentOf(currency));
  return plain.includes(".") ? plain : `${plain}.0`;
}

export function fromDecimal(amount: string | number, currency: string): number {
  const value = Number(amount);
  if (!Number.isFinite(value)) throw new RangeError(`"${amount}" is not an amount of money`);
  return Math.round(value * 10 ** exponentOf(currency));
}

/** Converts minor units by a rate of major units ("1 USD = 150 JPY" is 150). */
export function convert(minor: number, from: string, to: string, rate: number): number {
  return Math.round(minor * rate * 10 ** (exponentOf(to) - exponentOf(from)));
}

/** Shares an amount by weights so that the parts add up exactly; the largest remainders get the left-over units. */
export function share(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const parts = exact.map(Math.floor);
  const byRemainder = exact.map((value, index) => ({ index, rest: value - Math.floor(value) }));
  byRemainder.sort((a, b) => b.rest - a.rest);
  for (const { index } of byRemainder.slice(0, total - parts.reduce((a, b) => a + b, 0))) {
    parts[index] = (parts[index] ?? 0) + 1;
  }
  return parts;
}

/** What a person reads on a page. */
export function formatMoney(minor: number, currency: string, locale = "en"): string {
  return new Intl.NumberFormat(locale, { style: "currency", currency }).format(minor / 10 ** exponentOf(currency));
}
