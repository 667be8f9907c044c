import type { Prisma } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { fullName } from "#app/domain/people/know-person.ts";
import { personNamed } from "#app/domain/people/search-people.ts";
import { numberOf } from "#app/lib/gid.ts";
import { literally } from "#app/lib/like.ts";
import type { Money } from "#app/lib/money.ts";
import { type Page, type Place, pageOf, reading } from "#app/lib/page.ts";
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
 * The shop's orders that were looked at and not counted, who changed last first.
 * @param search part of the buyer's name or address, or the order's name
 */
export async function listUncounted(
  { shop, tx }: Context,
  { search, ...place }: Place & { search?: string | undefined },
): Promise<Page<UncountedOrder>> {
  const read = reading(place, keyOf);
  const rows = await tx.orderFacts.findMany({
    where: {
      shopId: shop.id,
      referralId: null,
      ...(search
        ? {
            AND: {
              OR: [{ person: personNamed(search) }, { facts: { path: ["name"], string_contains: literally(search) } }],
            },
          }
        : {}),
      ...beside(read.key),
    },
    orderBy: [{ updatedAt: read.order }, { gid: read.order }],
    take: read.take,
    include: { person: true },
  });
  const page = pageOf(rows, read, ({ updatedAt, gid }) => `${updatedAt.getTime()}_${numberOf(gid)}`);
  return { ...page, rows: page.rows.map(uncountedOf) };
}

type Key = { readonly updatedAt: Date; readonly gid: string };

/** A row's place in the list: when it changed, and among those of one moment its order. */
function keyOf(cursor: string): Key | undefined {
  const [, at, number] = /^(\d{1,15})_(\d{1,20})$/.exec(cursor) ?? [];
  return at && number ? { updatedAt: new Date(Number(at)), gid: `gid://shopify/Order/${number}` } : undefined;
}

function beside(key: { lt: Key } | { gt: Key } | undefined): Prisma.OrderFactsWhereInput {
  if (!key) return {};
  const [is, { updatedAt, gid }] = "lt" in key ? (["lt", key.lt] as const) : (["gt", key.gt] as const);
  return { OR: [{ updatedAt: { [is]: updatedAt } }, { updatedAt, gid: { [is]: gid } }] };
}

export function uncountedOf({ gid, facts, verdict, person }: Row): UncountedOrder {
  const { name, placedAt, totalPrice, currency } = orderFacts.parse(facts);
  return {
    id: numberOf(gid),
    name,
    placedAt: new Date(placedAt),
    buyerName: person ? fullName(person) : "",
    buyerEmail: person?.email ?? null,
    total: { minor: totalPrice, currency },
    verdict,
  };
}
