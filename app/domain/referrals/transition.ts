import type { Prisma, Referral } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { newId } from "#app/lib/ids.ts";
import { canStep, type State } from "./rules.ts";

/** What moved a referral: shown to the merchant in its timeline. */
export type Cause =
  | "invited"
  | "details_left"
  | "address_verified"
  | "order_paid"
  | "hold_ended"
  | "order_cancelled"
  | "order_refunded"
  | "window_ended"
  | "merchant_approved"
  | "merchant_rejected"
  | "merchant_overruled"
  | "customers_merged";

/** Why and on what grounds; the evidence is for the merchant's eyes, as plain values. */
export type Grounds = { readonly cause: Cause; readonly evidence: Record<string, string | number | boolean | null> };

/** A referral after a step, with the id of the step: what is told because of it derives from that id. */
export type Moved = { readonly referral: Referral; readonly transitionId: string };

/** Starts a referral and its timeline. */
export async function startReferral(
  ctx: Context,
  referral: Omit<Prisma.ReferralUncheckedCreateInput, "shopId" | "id" | "createdAt" | "updatedAt"> & { state: State },
  grounds: Grounds,
): Promise<Moved> {
  const { shop, tx, now } = ctx;
  const row = await tx.referral.create({
    data: { ...referral, shopId: shop.id, id: newId("rfl", now), createdAt: now, updatedAt: now },
  });
  return { referral: row, transitionId: await recordStep(ctx, row.id, 1, null, referral.state, grounds) };
}

/**
 * Moves a referral on; its row is locked until the decision commits (lockReferral).
 * @throws Error for a step that the life of a referral does not have
 */
export async function moveReferral(
  ctx: Context,
  referral: Referral,
  to: State,
  grounds: Grounds,
  changes: Prisma.ReferralUncheckedUpdateInput = {},
): Promise<Moved> {
  const { shop, tx, now } = ctx;
  if (!canStep(referral.state as State, to)) throw new Error(`${referral.id}: no step from ${referral.state} to ${to}`);
  const steps = await tx.referralTransition.count({ where: { shopId: shop.id, referralId: referral.id } });
  const row = await tx.referral.update({
    where: { shopId_id: { shopId: shop.id, id: referral.id } },
    data: { ...changes, state: to, updatedAt: now },
  });
  return { referral: row, transitionId: await recordStep(ctx, row.id, steps + 1, referral.state, to, grounds) };
}

async function recordStep(
  { shop, tx, now }: Context,
  referralId: string,
  seq: number,
  from: string | null,
  to: State,
  { cause, evidence }: Grounds,
): Promise<string> {
  const id = newId("trn", now);
  await tx.referralTransition.create({
    data: { shopId: shop.id, id, referralId, seq, from, to, cause, evidence, at: now },
  });
  return id;
}

/** The referral as it is once nobody else is deciding on it; null if there is none by that id. */
export async function lockReferral({ shop, tx }: Context, id: string): Promise<Referral | null> {
  await tx.$queryRaw`SELECT 1 FROM "Referral" WHERE "shopId" = ${shop.id} AND "id" = ${id} FOR UPDATE`;
  return tx.referral.findUnique({ where: { shopId_id: { shopId: shop.id, id } } });
}
