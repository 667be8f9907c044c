import type { Context } from "#app/domain/context.ts";
import { readProgram } from "#app/domain/referrals/program.ts";

/** How far the shop has come, as its facts say. */
export type SetupGuide = {
  readonly hidden: boolean;
  /** The merchant has said what the program gives. */
  readonly program: boolean;
  /** A customer has met the block on the storefront. */
  readonly block: boolean;
  /** A friend has come. */
  readonly referral: boolean;
};

export async function readSetupGuide(ctx: Context): Promise<SetupGuide> {
  const { shop, tx } = ctx;
  const { guideHiddenAt } = await tx.shop.findUniqueOrThrow({ where: { id: shop.id } });
  const program = await readProgram(ctx);
  const referrer = await tx.referrer.findFirst({ where: { shopId: shop.id }, select: { id: true } });
  const referral = await tx.referral.findFirst({ where: { shopId: shop.id }, select: { id: true } });
  return {
    hidden: guideHiddenAt !== null,
    program: (program?.version ?? 0) > 1,
    block: referrer !== null,
    referral: referral !== null,
  };
}

/** Puts the guide away, for everybody in the shop; or gets it back. */
export async function hideSetupGuide({ shop, tx, now }: Context, hidden: boolean): Promise<void> {
  await tx.shop.update({ where: { id: shop.id }, data: { guideHiddenAt: hidden ? now : null } });
}
