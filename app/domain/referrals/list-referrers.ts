import type { Prisma } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { fullName } from "#app/domain/people/know-person.ts";
import { personNamed } from "#app/domain/people/search-people.ts";
import { containing } from "#app/lib/like.ts";
import type { Money } from "#app/lib/money.ts";
import { shareableLink } from "./referrer.ts";

/** Somebody who shares, with what it brought. */
export type ReferrerRow = {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly code: string;
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
 * @param before the id that the last page ended with
 * @param search part of a name, an address or a code
 */
export async function listReferrers(
  { shop, tx }: Context,
  { search, before, limit }: { search?: string | undefined; before?: string | undefined; limit: number },
): Promise<{ rows: ReferrerRow[]; next?: string }> {
  const rows = await tx.referrer.findMany({
    where: {
      shopId: shop.id,
      ...(before ? { id: { lt: before } } : {}),
      ...(search ? { OR: [{ person: personNamed(search) }, { code: containing(search) }] } : {}),
    },
    orderBy: { id: "desc" },
    take: limit + 1,
    ...line,
  });
  const page = rows.slice(0, limit).map(({ id, code, joinedAt, person, _count, ...figures }) => ({
    id,
    name: fullName(person),
    email: person.email,
    code,
    link: shareableLink(shop, code),
    joinedAt,
    friends: _count.referrals,
    successful: figures.successfulCount,
    revenue: { minor: figures.successfulRevenue, currency: figures.currency },
  }));
  const last = page.at(-1);
  return { rows: page, ...(rows.length > limit && last ? { next: last.id } : {}) };
}
