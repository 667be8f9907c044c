import type { Context } from "#app/domain/context.ts";

/** The orders of those referrals that may still be paid for. */
export async function ordersOf({ shop, tx }: Context, referralIds: readonly string[]): Promise<string[]> {
  const rows = await tx.referral.findMany({
    where: {
      shopId: shop.id,
      id: { in: [...referralIds] },
      state: { in: ["purchased", "rejected"] },
      orderGid: { not: null },
    },
    orderBy: { id: "asc" },
    select: { orderGid: true },
  });
  return rows.flatMap(({ orderGid }) => orderGid ?? []);
}
