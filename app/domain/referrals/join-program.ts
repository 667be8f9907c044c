import type { Person, Referrer } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { knowCustomer } from "#app/domain/people/know-customer.ts";
import { type Facts, findPerson, fullName } from "#app/domain/people/know-person.ts";
import { friendsDiscount } from "#app/domain/rewards/discount-terms.ts";
import { requestCoupon } from "#app/domain/rewards/request-coupon.ts";
import { referrerCode } from "#app/lib/codes.ts";
import { newId } from "#app/lib/ids.ts";
import { readProgram } from "./program.ts";
import { propertiesOf, shareableLink } from "./referrer.ts";

/** What a referrer has to share. */
export type Share = { readonly link: string; readonly code: string };

export type JoinOutcome =
  | ({ readonly kind: "joined" | "already" } & Share)
  | { readonly kind: "refused"; readonly because: "no_program" | "no_email" };

/** A customer joins the live program and gets link and code; one who has joined keeps theirs. */
export async function joinProgram(ctx: Context, customer: Facts): Promise<JoinOutcome> {
  const program = await readProgram(ctx);
  if (!program) return { kind: "refused", because: "no_program" };
  const person = await knowCustomer(ctx, customer);
  if (!person?.email) return { kind: "refused", because: "no_email" };
  const known = await referrerOf(ctx, program.id, person);
  if (known) return { kind: "already", ...shareOf(ctx, known) };
  const referrer = await makeReferrer(ctx, program.id, person);
  await requestCoupon(ctx, {
    personId: person.id,
    kind: "referrer_code",
    code: referrer.code,
    terms: friendsDiscount(program.terms.recipientReward),
  });
  const share = shareOf(ctx, referrer);
  await ctx.emit({
    entry: "opted-in.referrer",
    personId: person.id,
    cause: referrer.id,
    payload: {
      "Referrer Name": fullName(person),
      "Referrer Email": person.email,
      "Date Opted-In": referrer.joinedAt.toISOString(),
      "Referral Shareable Link": share.link,
    },
    properties: propertiesOf(ctx.shop, referrer, person),
  });
  return { kind: "joined", ...share };
}

/** What a customer of the shop has to share; null if they have not joined. */
export async function readShare(ctx: Context, customerGid: string): Promise<Share | null> {
  const program = await readProgram(ctx);
  const person = program && (await findPerson(ctx, { gid: customerGid, email: null }));
  const referrer = person && (await referrerOf(ctx, program.id, person));
  return referrer && shareOf(ctx, referrer);
}

function shareOf({ shop }: Context, { code }: Referrer): Share {
  return { link: shareableLink(shop, code), code };
}

async function referrerOf({ shop, tx }: Context, programId: string, person: Person): Promise<Referrer | null> {
  return tx.referrer.findUnique({
    where: { shopId_programId_personId: { shopId: shop.id, programId, personId: person.id } },
  });
}

async function makeReferrer({ shop, tx, now }: Context, programId: string, person: Person): Promise<Referrer> {
  return tx.referrer.create({
    data: {
      shopId: shop.id,
      id: newId("rfr", now),
      programId,
      personId: person.id,
      code: referrerCode(person.firstName),
      joinedAt: now,
      currency: shop.currency,
    },
  });
}
