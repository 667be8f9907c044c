import type { Referral } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import type { OrderFacts } from "./order-facts.ts";
import { readTerms } from "./program.ts";
import { emitProperties } from "./referrer.ts";
import { rejectReferral } from "./reject-referral.ts";
import { reverseReferral } from "./reverse-referral.ts";
import { revenueOf, standing } from "./rules.ts";

/** A later look at an order that has a referral: cancelled or refunded it falls, refunded in part it brings less. */
export async function followOrder(ctx: Context, referral: Referral, order: OrderFacts): Promise<Referral> {
  if (referral.state !== "purchased" && referral.state !== "approved") return referral;
  const terms = await readTerms(ctx, referral.programId, referral.programVersion);
  const fallen = standing(order, terms);
  const revenue = revenueOf(order, terms);
  if (!fallen) return revenue === referral.revenue ? referral : changeRevenue(ctx, referral, revenue);
  const cause = fallen === "cancelled" ? ("order_cancelled" as const) : ("order_refunded" as const);
  if (referral.state === "approved") return reverseReferral(ctx, referral, { cause, evidence: { order: order.name } });
  return rejectReferral(ctx, referral, { cause, reason: cause, notify: true });
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
