import type { Context } from "#app/domain/context.ts";
import { hashOfToken } from "#app/domain/referrals/make-proof.ts";
import { readProgram, readTerms } from "#app/domain/referrals/program.ts";
import { findReferrerByCode } from "#app/domain/referrals/referrer.ts";
import { isProofOpen } from "#app/domain/referrals/take-proof.ts";
import type { RewardTerms, RewardValue } from "#app/domain/referrals/terms.ts";
import type { Money } from "#app/lib/money.ts";

/** What a referrer's link offers to the friend who follows it. */
export type Offer = {
  /** The referrer's. */
  readonly code: string;
  readonly shopName: string;
  readonly value: RewardValue;
  /** What the cart must come to before the coupon works; null: nothing. */
  readonly minimumSpend: Money | null;
  /** Of an amount in `value`: the shop's. */
  readonly currency: string;
  readonly firstOrderOnly: boolean;
  /** Whether the referrer's own code does as well, without leaving details. */
  readonly ownCodeCounts: boolean;
};

/** The offer behind a link's code; null if nobody has that code, or the program has ended. */
export async function readOffer(ctx: Context, linkCode: string): Promise<Offer | null> {
  const { shop } = ctx;
  const program = await readProgram(ctx);
  const referrer = program && (await findReferrerByCode(ctx, program.id, linkCode));
  if (!referrer) return null;
  const { recipientReward, firstOrderOnly, countsUnclaimed } = program.terms;
  return {
    code: referrer.code,
    shopName: shop.name,
    value: recipientReward.value,
    minimumSpend: minimumOf(recipientReward, shop.currency),
    currency: shop.currency,
    firstOrderOnly,
    ownCodeCounts: countsUnclaimed && !(await isBroken(ctx, referrer.code)),
  };
}

/** Whether a referrer's own code works at no checkout: Shopify would not take it, or the merchant deleted its discount. */
async function isBroken({ shop, tx }: Context, code: string): Promise<boolean> {
  const broken = await tx.coupon.count({
    where: { shopId: shop.id, code, OR: [{ state: "failed" }, { discount: { deletedAt: { not: null } } }] },
  });
  return broken > 0;
}

/** What is behind the link of a verification mail. */
export type Proof = {
  /** Of the referrer whose link the friend followed. */
  readonly code: string;
  /** Whether pressing the button may still do something. */
  readonly open: boolean;
  /** Of the coupon that they were promised. */
  readonly minimumSpend: Money | null;
};

/** What is behind the link of a verification mail, untouched; null where there is nothing, or no more. */
export async function readProof(ctx: Context, token: string): Promise<Proof | null> {
  const { shop, tx, now } = ctx;
  const proof = await tx.addressProof.findUnique({
    where: { shopId_tokenHash: { shopId: shop.id, tokenHash: hashOfToken(token) } },
    include: { referral: { include: { referrer: true } } },
  });
  if (!proof) return null;
  const open = isProofOpen(proof, proof.referral, now);
  const { recipientReward } = await readTerms(ctx, proof.referral.programId, proof.referral.programVersion);
  return { code: proof.referral.referrer.code, open, minimumSpend: minimumOf(recipientReward, shop.currency) };
}

function minimumOf({ minimumSpend }: RewardTerms, currency: string): Money | null {
  return minimumSpend === null ? null : { minor: BigInt(minimumSpend), currency };
}
