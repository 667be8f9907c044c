/** An amount of money: whole minor units (cents, yen, fils), never a float. */
export type Money = { readonly minor: bigint; readonly currency: string };

/**
 * The currencies that ISO 4217 gives other than two decimals (six-iso.org, list one). Not the platform's: CLDR says how
 * amounts are usually written, forints without fillérs, and changes with its version what a stored amount means.
 */
const ODD: ReadonlyMap<string, number> = new Map([
  ...["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"].map(decimals(0)),
  ...["XAF", "XOF", "XPF"].map(decimals(0)),
  ...["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"].map(decimals(3)),
]);

function decimals(digits: number) {
  return (currency: string): [string, number] => [currency, digits];
}

/** Minor-unit digits of a currency (ISO 4217): USD 2, JPY 0, KWD 3. */
export function exponentOf(currency: string): number {
  return ODD.get(currency) ?? 2;
}

/**
 * Reads a decimal string as Shopify writes it ("49.90", "1200", "-3.5").
 * @throws RangeError if it is no decimal, or has more digits than the currency (other than zeros)
 */
export function parseMoney(decimal: string, currency: string): Money {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal.trim());
  if (!match) throw new RangeError(`not a decimal amount: ${decimal}`);
  const [, sign, whole = "0", fraction = ""] = match;
  const digits = exponentOf(currency);
  if (/[1-9]/.test(fraction.slice(digits))) throw new RangeError(`${decimal} has more digits than ${currency}`);
  const minor = BigInt(whole + fraction.slice(0, digits).padEnd(digits, "0"));
  return { minor: sign ? -minor : minor, currency };
}

/** The decimal string of an amount: "49.90", "1200" (JPY), "1.250" (KWD). */
export function decimalOf({ minor, currency }: Money): string {
  const digits = exponentOf(currency);
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, "0");
  const decimal = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return minor < 0n ? `-${decimal}` : decimal;
}

/** The number of major units, for receivers that want a JSON number (ESPs). Not for arithmetic. */
export function majorUnits(money: Money): number {
  return Number(decimalOf(money));
}

export function add(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new RangeError(`cannot add ${b.currency} to ${a.currency}`);
  return { minor: a.minor + b.minor, currency: a.currency };
}

/** The amount as a person of that locale writes it: "$49.90", "49,90 €", "¥1,200". */
export function formatMoney(money: Money, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "currency", currency: money.currency }).format(majorUnits(money));
}

/** The amount in few words, for offers: "$10", "$9.90", "10 €". */
export function formatBriefly(money: Money, locale: string): string {
  const options = { style: "currency", currency: money.currency, trailingZeroDisplay: "stripIfInteger" } as const;
  return new Intl.NumberFormat(locale, options).format(majorUnits(money));
}
