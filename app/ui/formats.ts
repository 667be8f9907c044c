import { formatMoney, type Money } from "#app/lib/money.ts";

/** How a merchant reads figures and moments. */
export type Formats = {
  readonly number: (value: number) => string;
  readonly money: (amount: Money) => string;
  /** "Nov 21, 2026, 3:04 PM" */
  readonly moment: (at: Date) => string;
  /** "Nov 21, 2026, 3:04:05.123 PM": for logs, where two things happen in one second. */
  readonly exactMoment: (at: Date) => string;
  /** "Nov 21" of a calendar date, 2026-11-21. */
  readonly day: (date: string) => string;
};

/**
 * Figures as the merchant writes them, moments as the shop's clock shows them. Loaders call it, so that what the
 * server rendered is what the browser shows: two engines' Intl data may differ.
 * @param locale the merchant's, as Shopify names it; one that is no language tag reads as English
 * @param timezone IANA name
 */
export function formatsFor(locale: string, timezone: string): Formats {
  const reader = readable(locale);
  const numbers = new Intl.NumberFormat(reader);
  const moments = new Intl.DateTimeFormat(reader, { dateStyle: "medium", timeStyle: "short", timeZone: timezone });
  const exactMoments = new Intl.DateTimeFormat(reader, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    timeZone: timezone,
  });
  const days = new Intl.DateTimeFormat(reader, { month: "short", day: "numeric", timeZone: "UTC" });
  return {
    number: (value) => numbers.format(value),
    money: (amount) => formatMoney(amount, reader),
    moment: (at) => moments.format(at),
    exactMoment: (at) => exactMoments.format(at),
    day: (date) => days.format(new Date(date)),
  };
}

function readable(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? "en";
  } catch (error) {
    if (error instanceof RangeError) return "en";
    throw error;
  }
}
