import type { Referral } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { type OrderFacts, orderFacts } from "./order-facts.ts";
import { readTerms } from "./program.ts";
import { emitProperties } from "./referrer.ts";
import { rejectReferral } from "./reject-referral.ts";
import { reverseReferral } from "./reverse-referral.ts";
import { revenueOf, standing } from "./rules.ts";

/**
 * A later look at an order that has a referral: cancelled or refunded it falls, refunded in part it brings less. A rejected
 * referral has fallen already, and its revenue is kept current for a merchant who takes that back.
 */
export async function followOrder(ctx: Context, referral: Referral, order: OrderFacts): Promise<Referral> {
  const { state } = referral;
  if (state !== "purchased" && state !== "approved" && state !== "rejected") return referral;
  const terms = await readTerms(ctx, referral.programId, referral.programVersion);
  const fallen = standing(order, terms);
  const revenue = revenueOf(order, terms);
  if (!fallen || state === "rejected")
    return revenue === referral.revenue ? referral : changeRevenue(ctx, referral, revenue);
  const cause = fallen === "cancelled" ? ("order_cancelled" as const) : ("order_refunded" as const);
  if (state === "approved") return reverseReferral(ctx, referral, { cause, evidence: { order: order.name } });
  return rejectReferral(ctx, referral, { cause, reason: cause, notify: true });
}

/** Whether the order behind a referral, as we last saw it, no longer counts. */
export async function hasFallen(ctx: Pick<Context, "shop" | "tx">, referral: Referral): Promise<boolean> {
  const { shop, tx } = ctx;
  const seen = await tx.orderFacts.findFirst({ where: { shopId: shop.id, referralId: referral.id } });
  if (!seen) return false;
  const terms = await readTerms(ctx, referral.programId, referral.programVersion);
  return standing(orderFacts.parse(seen.facts), terms) !== null;
}

async function changeRevenue(ctx: Context, referral: Referral, revenue: bigint): Promise<Referral> {
  const { shop, tx, now } = ctx;
  const changed = await tx.referral.update({
    where: { shopId_id: { shopId: shop.id, id: referral.id } },
    data: { revenue, updatedAt: now },
  });
  if (referral.state !== "approved") return changed;
  const { person, ...referrer } = await tx.referrer.update({
    where: { shopId_id: { shopId: shop.id, id: referral.referrerId } },
    data: { successfulRevenue: { increment: revenue - referral.revenue } },
    include: { person: true },
  });
  await emitProperties(ctx, referrer, person, `${referral.id}:revenue:${now.toISOString()}`);
  return changed;
}
