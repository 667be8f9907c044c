import type { Context } from "#app/domain/context.ts";
import { findPerson, knowPerson } from "#app/domain/people/know-person.ts";
import { normalEmail } from "#app/lib/email.ts";
import { readProgram } from "./program.ts";
import { boughtAsFriend, isSamePerson, openReferralOf, peopleOf } from "./recipient.ts";
import { shareableLink } from "./referrer.ts";
import { startReferral } from "./transition.ts";

const DAY = 86_400_000;

export type InviteOutcome =
  | { readonly kind: "invited"; readonly referralId: string }
  | {
      readonly kind: "refused";
      readonly because:
        | "no_program"
        | "not_joined"
        | "bad_email"
        | "self_referral"
        | "already_referred"
        | "not_first_order";
    };

/** A referrer invites a friend by e-mail: a known referral. The mail itself is an ESP's, told by the invitation event. */
export async function inviteRecipient(ctx: Context, referrerGid: string, address: string): Promise<InviteOutcome> {
  const { shop, tx, now } = ctx;
  const program = await readProgram(ctx);
  if (!program) return { kind: "refused", because: "no_program" };
  const sender = await findPerson(ctx, { gid: referrerGid, email: null });
  const referrer =
    sender &&
    (await tx.referrer.findUnique({
      where: { shopId_programId_personId: { shopId: shop.id, programId: program.id, personId: sender.id } },
    }));
  if (!sender || !referrer) return { kind: "refused", because: "not_joined" };
  const email = normalEmail(address);
  if (!email) return { kind: "refused", because: "bad_email" };
  const friend = { gid: null, email };
  const people = await peopleOf(ctx, friend);
  if (await isSamePerson(ctx, people, friend, sender)) return { kind: "refused", because: "self_referral" };
  if (await openReferralOf(ctx, program.id, people)) return { kind: "refused", because: "already_referred" };
  const { firstOrderOnly } = program.terms;
  if (firstOrderOnly && (await boughtAsFriend(ctx, people, null)))
    return { kind: "refused", because: "not_first_order" };
  const recipient = await knowPerson(ctx, { ...friend, phone: null, firstName: null, lastName: null, locale: null });
  if (!recipient) return { kind: "refused", because: "bad_email" };
  const { referral, transitionId } = await startReferral(
    ctx,
    {
      programId: program.id,
      programVersion: program.version,
      referrerId: referrer.id,
      recipientId: recipient.id,
      state: "invited",
      currency: shop.currency,
      dueAt: new Date(now.getTime() + program.terms.claimDays * DAY),
    },
    { cause: "invited", evidence: { code: referrer.code } },
  );
  const sent = {
    "Referrer First Name": sender.firstName ?? "",
    "Referrer Last Name": sender.lastName ?? "",
    "Recipient Email": email,
    "Date Sent": now.toISOString(),
  };
  await ctx.emit({ entry: "sent.referrer", personId: sender.id, cause: transitionId, payload: sent });
  await ctx.emit({
    entry: "invitation.recipient",
    personId: recipient.id,
    cause: transitionId,
    payload: { ...sent, "Referral Shareable Link": shareableLink(shop, referrer.code) },
  });
  return { kind: "invited", referralId: referral.id };
}
