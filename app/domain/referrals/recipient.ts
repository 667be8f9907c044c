import type { Referral } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { normalEmail } from "#app/lib/email.ts";

/** The states in which a referral waits for its friend; one of them at a time per friend and program. */
const OPEN = ["invited", "pending", "claimed"];

/** The referral that a friend of that address or customer id has open in a program. */
export async function openReferralOf(
  ctx: Context,
  programId: string,
  friend: { gid: string | null; email: string | null },
): Promise<Referral | null> {
  const [open] = await referralsOf(ctx, programId, friend, OPEN);
  return open ?? null;
}

/** Whether the friend of a referral has one open in its program. */
export async function hasOpenReferral(
  { shop, tx }: Context,
  { programId, recipientId }: Pick<Referral, "programId" | "recipientId">,
): Promise<boolean> {
  const where = { shopId: shop.id, programId, recipientId, state: { in: OPEN } };
  return (await tx.referral.count({ where })) > 0;
}

/** A friend's referrals in a program that are in one of those states, oldest first. */
export async function referralsOf(
  { shop, tx }: Context,
  programId: string,
  friend: { gid: string | null; email: string | null },
  states: string[],
): Promise<Referral[]> {
  const who = identities(friend);
  if (who.length === 0) return [];
  return tx.referral.findMany({
    where: { shopId: shop.id, programId, state: { in: states }, recipient: { OR: who } },
    orderBy: { id: "asc" },
  });
}

/** Whether that friend has bought as somebody's friend before, as far as we know ourselves: guests have no history. */
export async function boughtAsFriend(
  { shop, tx }: Context,
  friend: { gid: string | null; email: string | null },
  exceptOrder: string | null,
): Promise<boolean> {
  const who = identities(friend);
  if (who.length === 0) return false;
  const earlier = await tx.referral.findFirst({
    where: {
      shopId: shop.id,
      state: { in: ["purchased", "approved"] },
      recipient: { OR: who },
      ...(exceptOrder === null ? {} : { NOT: { orderGid: exceptOrder } }),
    },
  });
  return earlier !== null;
}

function identities({ gid, email }: { gid: string | null; email: string | null }) {
  const address = normalEmail(email);
  return [...(gid ? [{ gid }] : []), ...(address ? [{ email: address }] : [])];
}

/** Whether the friend is the referrer: the same customer or the same address. */
export function isSamePerson(
  friend: { gid: string | null; email: string | null },
  referrer: { gid: string | null; email: string | null },
): boolean {
  const sameCustomer = friend.gid !== null && friend.gid === referrer.gid;
  return sameCustomer || (referrer.email !== null && normalEmail(friend.email) === referrer.email);
}
