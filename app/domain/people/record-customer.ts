import type { Context } from "#app/domain/context.ts";
import { emitProperties } from "#app/domain/referrals/referrer.ts";
import { type Facts, findPerson, knowPerson } from "./know-person.ts";

/**
 * Keeps a person we know up to date with what Shopify says of them, and tells the ESPs a referrer's new name.
 * Customers who have nothing to do with us are not stored.
 * @param updatedAt the customer's own, ISO 8601
 */
export async function recordCustomer(ctx: Context, customer: Facts, updatedAt: string): Promise<"updated" | "unknown"> {
  const { shop, tx } = ctx;
  const before = await findPerson(ctx, customer);
  if (!before) return "unknown";
  const after = (await knowPerson(ctx, customer)) ?? before;
  if (after.firstName === before.firstName && after.lastName === before.lastName) return "updated";
  const referrers = await tx.referrer.findMany({ where: { shopId: shop.id, personId: after.id } });
  for (const referrer of referrers) await emitProperties(ctx, referrer, after, `${referrer.id}:customer:${updatedAt}`);
  return "updated";
}
