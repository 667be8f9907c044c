import type { Person, Referral } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { findPerson } from "#app/domain/people/know-person.ts";
import { normalEmail } from "#app/lib/email.ts";

/** The states in which a referral waits for its friend; one of them at a time per friend and program. */
export const OPEN = ["invited", "pending", "claimed"];

type Friend = { readonly gid: string | null; readonly email: string | null };

/** The referral that a friend of that address or customer id has open in a program. */
export async function openReferralOf(ctx: Context, programId: string, friend: Friend): Promise<Referral | null> {
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
  ctx: Context,
  programId: string,
  friend: Friend,
  states: string[],
): Promise<Referral[]> {
  const { shop, tx } = ctx;
  return tx.referral.findMany({
    where: { shopId: shop.id, programId, state: { in: states }, recipientId: { in: await peopleOf(ctx, friend) } },
    orderBy: { id: "asc" },
  });
}

/** Whether that friend has bought as somebody's friend before, as far as we know ourselves: guests have no history. */
export async function boughtAsFriend(ctx: Context, friend: Friend, exceptOrder: string | null): Promise<boolean> {
  const { shop, tx } = ctx;
  const earlier = await tx.referral.findFirst({
    where: {
      shopId: shop.id,
      state: { in: ["purchased", "approved"] },
      recipientId: { in: await peopleOf(ctx, friend) },
      ...(exceptOrder === null ? {} : { NOT: { orderGid: exceptOrder } }),
    },
  });
  return earlier !== null;
}

/** Whether the friend is that person: the same customer, or an address that is or was theirs, whoever has it now. */
export async function isSamePerson(ctx: Context, friend: Friend, { id }: Pick<Person, "id">): Promise<boolean> {
  if ((await peopleOf(ctx, friend)).includes(id)) return true;
  const { shop, tx } = ctx;
  const value = normalEmail(friend.email);
  if (!value) return false;
  return (await tx.personAlias.count({ where: { shopId: shop.id, personId: id, kind: "email", value } })) > 0;
}

/** Whom we know by that customer id or by that address, now or before they changed it: two, if each has its own. */
async function peopleOf(ctx: Context, { gid, email }: Friend): Promise<string[]> {
  const byGid = gid && (await findPerson(ctx, { gid, email: null }));
  const byAddress = email && (await findPerson(ctx, { gid: null, email }));
  return [byGid, byAddress].flatMap((person) => (person ? [person.id] : []));
}
