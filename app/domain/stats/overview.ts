import type { Context } from "#app/domain/context.ts";
import type { Money } from "#app/lib/money.ts";

/** What happened in the program in some days, the current one included. */
export type Overview = {
  /** Customers who got their link. */
  readonly referrers: number;
  /** Referrals with a paid order, whatever became of them. */
  readonly purchases: number;
  /** Referrals that were approved, and count today. */
  readonly successful: number;
  /** What those brought. */
  readonly revenue: Money;
  /** One for each day of the period, oldest first, by the shop's calendar. */
  readonly days: readonly Day[];
};

/** `date` is ISO 8601: 2026-11-05. */
export type Day = { readonly date: string; readonly purchases: number };

type DayRow = { day: string; joined: number; purchases: number; successful: number; revenue: string };

/** @param length of the period, in days */
export async function readOverview({ shop, tx, now }: Context, length: number): Promise<Overview> {
  const dates = datesUntil(now, shop.timezone, length);
  const rows = await tx.$queryRaw<DayRow[]>`
    SELECT "day"::text, sum("joined")::int AS "joined", sum("purchases")::int AS "purchases",
           sum("successful")::int AS "successful", sum("revenue")::text AS "revenue"
      FROM (SELECT ("joinedAt" AT TIME ZONE ${shop.timezone})::date AS "day",
                   1 AS "joined", 0 AS "purchases", 0 AS "successful", 0 AS "revenue"
              FROM "Referrer" WHERE "shopId" = ${shop.id}
            UNION ALL
            SELECT ("purchasedAt" AT TIME ZONE ${shop.timezone})::date, 0, 1, 0, 0
              FROM "Referral" WHERE "shopId" = ${shop.id} AND "purchasedAt" IS NOT NULL
            UNION ALL
            SELECT ("approvedAt" AT TIME ZONE ${shop.timezone})::date, 0, 0, 1, "revenue"
              FROM "Referral" WHERE "shopId" = ${shop.id} AND "state" = 'approved') AS "moment"
     WHERE "day" BETWEEN ${dates[0]}::date AND ${dates.at(-1)}::date
     GROUP BY "day"`;
  const sum = (of: "joined" | "purchases" | "successful") => rows.reduce((total, row) => total + row[of], 0);
  const purchases = new Map(rows.map((row) => [row.day, row.purchases]));
  return {
    referrers: sum("joined"),
    purchases: sum("purchases"),
    successful: sum("successful"),
    revenue: { minor: rows.reduce((total, row) => total + BigInt(row.revenue), 0n), currency: shop.currency },
    days: dates.map((date) => ({ date, purchases: purchases.get(date) ?? 0 })),
  };
}

const DAY_MS = 86_400_000;

/** The shop's last `length` calendar days, oldest first. */
function datesUntil(now: Date, timeZone: string, length: number): string[] {
  const today = Date.parse(new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(now));
  return Array.from({ length }, (_, i) => new Date(today - (length - 1 - i) * DAY_MS).toISOString().slice(0, 10));
}
