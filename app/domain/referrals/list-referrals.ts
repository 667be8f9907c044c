import type { Prisma } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { fullName } from "#app/domain/people/know-person.ts";
import { personNamed } from "#app/domain/people/search-people.ts";
import { containing } from "#app/lib/like.ts";
import type { Money } from "#app/lib/money.ts";
import { type Page, type Place, pageOf, reading } from "#app/lib/page.ts";
import type { State } from "./rules.ts";

/** One line of the merchant's list. */
export type ReferralRow = {
  readonly id: string;
  readonly createdAt: Date;
  readonly state: State;
  readonly reason: string | null;
  readonly signal: string | null;
  readonly referrerName: string;
  readonly referrerEmail: string | null;
  readonly recipientName: string;
  readonly recipientEmail: string | null;
  readonly orderName: string | null;
  readonly revenue: Money;
  readonly review: boolean;
};

export const withPeople = {
  include: { recipient: true, referrer: { include: { person: true } } },
} as const satisfies Prisma.ReferralDefaultArgs;
type Row = Prisma.ReferralGetPayload<typeof withPeople>;

export type ReferralFilter = Place & {
  readonly state?: State | undefined;
  /** Only those of one referrer, by id. */
  readonly referrerId?: string | undefined;
  /** Only those with a coupon that Shopify would not take. */
  readonly failedReward?: boolean;
  /** Part of a name or address of either side, or of the order's name. */
  readonly search?: string | undefined;
};

/** The shop's referrals, newest first. */
export async function listReferrals(
  { shop, tx }: Context,
  { state, referrerId, failedReward = false, search, ...place }: ReferralFilter,
): Promise<Page<ReferralRow>> {
  const read = reading(place, (id) => id); // ids sort by time
  const rows = await tx.referral.findMany({
    where: {
      shopId: shop.id,
      ...(state ? { state } : {}),
      ...(referrerId ? { referrerId } : {}),
      ...(failedReward ? { rewards: { some: { state: "failed" } } } : {}),
      ...(read.key ? { id: read.key } : {}),
      ...(search ? { OR: found(search) } : {}),
    },
    orderBy: { id: read.order },
    take: read.take,
    ...withPeople,
  });
  return pageOf(rows.map(rowOf), read, ({ id }) => id);
}

function found(search: string): Prisma.ReferralWhereInput[] {
  const person = personNamed(search);
  return [{ recipient: person }, { referrer: { person } }, { orderName: containing(search) }];
}

export function rowOf(referral: Row): ReferralRow {
  const { id, createdAt, state, reason, signal, orderName, revenue, currency, review, recipient, referrer } = referral;
  return {
    id,
    createdAt,
    state: state as State,
    reason,
    signal,
    referrerName: fullName(referrer.person),
    referrerEmail: referrer.person.email,
    recipientName: fullName(recipient),
    recipientEmail: recipient.email,
    orderName,
    revenue: { minor: revenue, currency },
    review: review !== null && state === "purchased",
  };
}
