import type { Person, Referral } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { fullName } from "#app/domain/people/know-person.ts";
import { rewardRecipient } from "#app/domain/rewards/reward-recipient.ts";
import type { ProgramTerms } from "./terms.ts";
import type { Moved } from "./transition.ts";

export type ClaimOutcome =
  /** The coupon's code, or null while it is being made. */
  | { readonly kind: "claimed"; readonly referralId: string; readonly coupon: string | null }
  /** An e-mail with a link is on its way; the coupon comes after it. */
  | { readonly kind: "verify"; readonly referralId: string }
  | {
      readonly kind: "refused";
      readonly because:
        | "no_program"
        | "unknown_code"
        | "self_referral"
        | "not_first_order"
        | "bad_email"
        | "coupon_over";
    };

/** States of a coupon that worked once and never will again. */
const OVER = ["used", "expired", "disabled"];

/** The claim of somebody who came by the link: the referrer hears of it, the friend gets the coupon. */
export async function completeClaim(
  ctx: Context,
  { referral, transitionId }: Moved,
  recipient: Person,
  terms: ProgramTerms,
): Promise<ClaimOutcome> {
  const { shop, tx, now } = ctx;
  const referrer = await tx.referrer.findUniqueOrThrow({
    where: { shopId_id: { shopId: shop.id, id: referral.referrerId } },
  });
  await ctx.emit({
    entry: "link-used.referrer",
    personId: referrer.personId,
    cause: transitionId,
    payload: {
      "Recipient Full Name": fullName(recipient),
      "Recipient Email": recipient.email ?? "",
      "Date Opted-In": now.toISOString(),
    },
  });
  return giveCoupon(ctx, referral, recipient, terms);
}

/** Gives the friend of a claimed referral what they were promised. */
export async function giveCoupon(
  ctx: Context,
  referral: Referral,
  recipient: Person,
  terms: ProgramTerms,
): Promise<ClaimOutcome> {
  return { kind: "claimed", referralId: referral.id, coupon: await rewardRecipient(ctx, referral, recipient, terms) };
}

/** Shows the friend of a claimed referral the coupon that they have, if it works. */
export async function showCoupon({ shop, tx }: Context, { id: referralId }: Referral): Promise<ClaimOutcome> {
  const reward = await tx.reward.findUnique({
    where: { shopId_referralId_role: { shopId: shop.id, referralId, role: "recipient" } },
    include: { coupon: { include: { discount: true } } },
  });
  const coupon = reward?.coupon;
  if (coupon && OVER.includes(coupon.state)) return { kind: "refused", because: "coupon_over" };
  const works = coupon?.state === "live" && coupon.discount.deletedAt === null;
  return { kind: "claimed", referralId, coupon: works ? coupon.code : null };
}
