import type { Prisma } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { fullName } from "#app/domain/people/know-person.ts";
import { personNamed } from "#app/domain/people/search-people.ts";
import { containing } from "#app/lib/like.ts";
import type { Money } from "#app/lib/money.ts";
import { type Page, type Place, pageOf, reading } from "#app/lib/page.ts";
import { shareableLink } from "./referrer.ts";

/** Somebody who shares, with what it brought. */
export type ReferrerRow = {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly code: string;
  /** Why the code does not work in Shopify, in its word; undefined where it does or is on its way. The link works anyhow. */
  readonly codeFailed: string | undefined;
  readonly link: string;
  readonly joinedAt: Date;
  /** Friends who were invited, claimed or ordered, whatever became of it. */
  readonly friends: number;
  readonly successful: number;
  readonly revenue: Money;
};

const line = {
  include: { person: true, _count: { select: { referrals: true } } },
} as const satisfies Prisma.ReferrerDefaultArgs;

/**
 * The shop's referrers, who joined last first.
 * @param search part of a name, an address or a code
 */
export async function listReferrers(
  { shop, tx }: Context,
  { search, ...place }: Place & { search?: string | undefined },
): Promise<Page<ReferrerRow>> {
  const read = reading(place, (id) => id); // ids sort by time
  const rows = await tx.referrer.findMany({
    where: {
      shopId: shop.id,
      ...(read.key ? { id: read.key } : {}),
      ...(search ? { OR: [{ person: personNamed(search) }, { code: containing(search) }] } : {}),
    },
    orderBy: { id: read.order },
    take: read.take,
    ...line,
  });
  const failed = await tx.coupon.findMany({
    where: { shopId: shop.id, kind: "referrer_code", state: "failed", code: { in: rows.map(({ code }) => code) } },
    select: { code: true, reason: true },
  });
  const failures = new Map(failed.map(({ code, reason }) => [code, reason ?? ""]));
  const shown = rows.map(({ id, code, joinedAt, person, _count, ...figures }) => ({
    id,
    name: fullName(person),
    email: person.email,
    code,
    codeFailed: failures.get(code),
    link: shareableLink(shop, code),
    joinedAt,
    friends: _count.referrals,
    successful: figures.successfulCount,
    revenue: { minor: figures.successfulRevenue, currency: figures.currency },
  }));
  return pageOf(shown, read, ({ id }) => id);
}
