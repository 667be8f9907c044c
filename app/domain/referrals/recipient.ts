import type { Person, Referral } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { findPerson } from "#app/domain/people/know-person.ts";
import { normalEmail } from "#app/lib/email.ts";

/** The states in which a referral waits for its friend; one of them at a time per friend and program. */
export const OPEN = ["invited", "pending", "claimed"];

/** Who a friend may be, as they say: what they order or claim with. */
type Friend = { readonly gid: string | null; readonly email: string | null };

/** Whom we know by that customer id or by that address, now or before they changed it: two, if each has its own. */
export async function peopleOf(ctx: Context, { gid, email }: Friend): Promise<string[]> {
  const byGid = gid && (await findPerson(ctx, { gid, email: null }));
  const byAddress = email && (await findPerson(ctx, { gid: null, email }));
  return [byGid, byAddress].flatMap((person) => (person ? [person.id] : []));
}

/** The referral that one of those people has open in a program. */
export async function openReferralOf(ctx: Context, programId: string, people: string[]): Promise<Referral | null> {
  const [open] = await referralsOf(ctx, programId, people, OPEN);
  return open ?? null;
}

/** The referrals in a program whose friend is one of those people and that are in one of those states, oldest first. */
export async function referralsOf(
  { shop, tx }: Context,
  programId: string,
  people: string[],
  states: string[],
): Promise<Referral[]> {
  if (people.length === 0) return [];
  return tx.referral.findMany({
    where: { shopId: shop.id, programId, state: { in: states }, recipientId: { in: people } },
    orderBy: { id: "asc" },
  });
}

/** Whether one of those people has bought as a friend before, as far as we know ourselves: guests have no history. */
export async function boughtAsFriend(
  { shop, tx }: Context,
  people: string[],
  exceptOrder: string | null,
): Promise<boolean> {
  if (people.length === 0) return false;
  const earlier = await tx.referral.findFirst({
    where: {
      shopId: shop.id,
      state: { in: ["purchased", "approved"] },
      recipientId: { in: people },
      ...(exceptOrder === null ? {} : { NOT: { orderGid: exceptOrder } }),
    },
  });
  return earlier !== null;
}

/** Whether a friend is that person: among who they are, or with an address that was theirs, whoever has it now. */
export async function isSamePerson(
  { shop, tx }: Context,
  people: string[],
  { email }: Friend,
  { id }: Pick<Person, "id">,
): Promise<boolean> {
  if (people.includes(id)) return true;
  const value = normalEmail(email);
  if (!value) return false;
  return (await tx.personAlias.count({ where: { shopId: shop.id, personId: id, kind: "email", value } })) > 0;
}
