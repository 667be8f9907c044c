import type { Prisma } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { isOwed } from "#app/domain/rewards/retry-reward.ts";
import type { Money } from "#app/lib/money.ts";
import { hasFallen } from "./follow-order.ts";
import { type ReferralRow, rowOf, withPeople } from "./list-referrals.ts";
import { type UncountedOrder, uncountedOf } from "./list-uncounted.ts";
import { orderFacts } from "./order-facts.ts";
import { canStep, type State } from "./rules.ts";
import { rewardTerms } from "./terms.ts";

/** A step of a referral's life, with the grounds that it was taken on. */
export type Step = {
  readonly id: string;
  readonly at: Date;
  readonly to: State;
  readonly cause: string;
  readonly evidence: Readonly<Record<string, unknown>>;
};

/** What one side was promised, and how its coupon stands. */
export type RewardRow = {
  readonly id: string;
  readonly role: "referrer" | "recipient";
  /** issuing · issued · revoked · failed */
  readonly state: string;
  readonly description: string;
  readonly code: string | null;
  /** issuing · live · deleted (with its discount) · used · expired · disabled · failed; null without a coupon. */
  readonly couponState: string | null;
  readonly expiresAt: Date | null;
  /** Why it was taken back or failed: our words, or Shopify's. */
  readonly reason: string | null;
  /** Whether the merchant can ask for its coupon again. */
  readonly retriable: boolean;
};

export type ReferralDetail = ReferralRow & {
  /** When the hold or the friend's time ends. */
  readonly dueAt: Date | null;
  readonly order: { readonly placedAt: Date; readonly total: Money } | null;
  readonly steps: readonly Step[];
  readonly rewards: readonly RewardRow[];
  /** The friend's other orders, which count for nobody: those that changed last, and how many there are besides. */
  readonly uncounted: readonly UncountedOrder[];
  readonly moreUncounted: number;
  /** What the merchant may do with it now. */
  readonly can: { readonly approve: boolean; readonly reject: boolean; readonly overrule: boolean };
};

/** A friend may order every day for years. */
const UNCOUNTED_SHOWN = 20;

const withCoupon = {
  include: { coupon: { include: { discount: true } } },
} as const satisfies Prisma.RewardDefaultArgs;

/** Whether all of these are referrals of this shop. */
export async function areReferrals({ shop, tx }: Context, ids: readonly string[]): Promise<boolean> {
  const unique = [...new Set(ids)];
  return (await tx.referral.count({ where: { shopId: shop.id, id: { in: unique } } })) === unique.length;
}

/** One referral with its whole story; null if this shop has none of that id. */
export async function readReferral(ctx: Context, id: string): Promise<ReferralDetail | null> {
  const { shop, tx } = ctx;
  const found = await tx.referral.findUnique({
    where: { shopId_id: { shopId: shop.id, id } },
    include: {
      ...withPeople.include,
      order: true,
      transitions: { orderBy: { seq: "asc" } },
      rewards: { orderBy: { id: "asc" }, ...withCoupon },
    },
  });
  if (!found) return null;
  const ofFriend = { shopId: shop.id, personId: found.recipientId, referralId: null };
  const others = await tx.orderFacts.findMany({
    where: ofFriend,
    orderBy: [{ updatedAt: "desc" }, { gid: "desc" }],
    take: UNCOUNTED_SHOWN,
    include: { person: true },
  });
  const row = rowOf(found);
  return {
    ...row,
    dueAt: found.dueAt,
    order: found.order && orderOf(found.order.facts),
    steps: found.transitions.map(({ id, at, to, cause, evidence }) => ({
      id,
      at,
      to: to as State,
      cause,
      evidence: evidence as Prisma.JsonObject,
    })),
    rewards: found.rewards.map((reward) => rewardOf(reward, row.state)),
    uncounted: others.map(uncountedOf),
    moreUncounted: (await tx.orderFacts.count({ where: ofFriend })) - others.length,
    can: {
      approve: row.state === "purchased",
      reject: canStep(row.state, "rejected"),
      overrule: row.state === "rejected" && !(await hasFallen(ctx, found)),
    },
  };
}

function orderOf(facts: Prisma.JsonValue): ReferralDetail["order"] {
  const { placedAt, totalPrice, currency } = orderFacts.parse(facts);
  return { placedAt: new Date(placedAt), total: { minor: totalPrice, currency } };
}

function rewardOf(reward: Prisma.RewardGetPayload<typeof withCoupon>, referral: State): RewardRow {
  const { id, role, state, terms, coupon } = reward;
  return {
    id,
    role: role as RewardRow["role"],
    state,
    description: rewardTerms.parse(terms).description,
    code: coupon?.code ?? null,
    couponState: coupon && standingOf(coupon),
    expiresAt: coupon?.expiresAt ?? null,
    reason: reward.reason ?? coupon?.reason ?? null,
    retriable: state === "failed" && isOwed(role, referral),
  };
}

function standingOf({ state, discount }: Prisma.CouponGetPayload<{ include: { discount: true } }>): string {
  return discount.deletedAt && (state === "live" || state === "issuing") ? "deleted" : state;
}
