import type { Person } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import type { Buyer } from "#app/domain/referrals/order-facts.ts";
import { knowCustomer } from "./know-customer.ts";
import { findPerson, knowPerson } from "./know-person.ts";

/**
 * Whoever placed an order, made or brought up to date. Where a customer can be reached for one order is not where they are
 * reached from then on: it only fills in an address or a phone that they have none of, their own replaces what we knew.
 * @returns null when the order names nobody
 */
export async function knowBuyer(ctx: Context, { own, ...buyer }: Buyer): Promise<Person | null> {
  const { gid } = buyer;
  if (!gid) return knowPerson(ctx, buyer);
  const known = await findPerson(ctx, { gid, email: own?.email ?? null });
  return knowCustomer(ctx, {
    ...buyer,
    email: own?.email ?? known?.email ?? buyer.email,
    phone: own?.phone ?? known?.phone ?? buyer.phone,
  });
}
