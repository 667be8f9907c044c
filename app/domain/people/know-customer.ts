import type { Person } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { emitProperties } from "#app/domain/referrals/referrer.ts";
import { type Facts, findPerson, knowPerson } from "./know-person.ts";

/**
 * The person whom Shopify says that about itself, made or brought up to date (knowPerson). A referrer's properties are told
 * again where their name is another now, and where their address is: the ESPs know nobody of that address yet.
 */
export async function knowCustomer(ctx: Context, facts: Facts): Promise<Person | null> {
  const { shop, tx, now } = ctx;
  const before = await findPerson(ctx, facts);
  const after = await knowPerson(ctx, facts);
  if (!before || !after || isToldAlike(before, after)) return after;
  const referrers = await tx.referrer.findMany({ where: { shopId: shop.id, personId: after.id } });
  for (const referrer of referrers)
    await emitProperties(ctx, referrer, after, `${referrer.id}:customer:${now.toISOString()}`);
  return after;
}

/** Whether the ESPs know both by the same address and names. */
function isToldAlike(before: Person, after: Person): boolean {
  return (["email", "firstName", "lastName"] as const).every((told) => before[told] === after[told]);
}
