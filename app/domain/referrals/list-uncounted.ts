import type { Prisma } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { fullName } from "#app/domain/people/know-person.ts";
import { personNamed } from "#app/domain/people/search-people.ts";
import { literally } from "#app/lib/like.ts";
import type { Money } from "#app/lib/money.ts";
import { orderFacts } from "./order-facts.ts";

/** An order that had to do with the program and counts for nobody, with the rule that says so. */
export type UncountedOrder = {
  readonly id: string;
  readonly name: string;
  readonly placedAt: Date;
  readonly buyerName: string;
  readonly buyerEmail: string | null;
  readonly total: Money;
  /** A Refusal of rules.ts, or `coupon_used`: nobody referred it, it used a coupon of ours. */
  readonly verdict: string;
};

type Row = Prisma.OrderFactsGetPayload<{ include: { person: true } }>;

/**
 * The latest of the shop's orders that were looked at and not counted.
 * @param search part of the buyer's name or address, or the order's name
 */
export async function listUncounted(
  { shop, tx }: Context,
  { search, limit }: { search?: string | undefined; limit: number },
): Promise<UncountedOrder[]> {
  const rows = await tx.orderFacts.findMany({
    where: {
      shopId: shop.id,
      referralId: null,
      ...(search
        ? { OR: [{ person: personNamed(search) }, { facts: { path: ["name"], string_contains: literally(search) } }] }
        : {}),
    },
    orderBy: { updatedAt: "desc" },
    take: limit,
    include: { person: true },
  });
  return rows.map(uncountedOf);
}

export function uncountedOf({ gid, facts, verdict, person }: Row): UncountedOrder {
  const { name, placedAt, totalPrice, currency } = orderFacts.parse(facts);
  return {
    id: gid.split("/").at(-1) ?? gid,
    name,
    placedAt: new Date(placedAt),
    buyerName: person ? fullName(person) : "",
    buyerEmail: person?.email ?? null,
    total: { minor: totalPrice, currency },
    verdict,
  };
}
