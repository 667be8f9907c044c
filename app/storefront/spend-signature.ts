import type { Context } from "#app/domain/context.ts";

/** A request that is about to change something: its signature, and when it came (real time). */
export type Spent = { readonly signature: string; readonly at: Date };

/** Longer than any signature is fresh: the tolerance both ways, and then some. */
const KEPT_MS = 10 * 60_000;

/**
 * Uses up the signature of a request that is about to change something, in the same transaction: a decision that fails
 * gives it back. A second request with it waits for the first one and is told no.
 * @returns false if it was used before
 */
export async function spendSignature({ shop, tx }: Context, { signature, at }: Spent): Promise<boolean> {
  const { count } = await tx.usedSignature.createMany({
    data: [{ shopId: shop.id, signature, usedAt: at }],
    skipDuplicates: true,
  });
  if (count === 0) return false;
  await tx.usedSignature.deleteMany({
    where: { shopId: shop.id, usedAt: { lt: new Date(at.getTime() - KEPT_MS) } },
  });
  return true;
}
