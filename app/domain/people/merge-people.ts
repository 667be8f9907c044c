import type { Person, Referrer } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import type { Place } from "#app/domain/people/know-person.ts";
import { endSelfReferrals, leaveOneOpen } from "#app/domain/referrals/merge-referrals.ts";
import { emitProperties, lockReferrers } from "#app/domain/referrals/referrer.ts";

/**
 * Folds a person into another: Shopify merged two customers. Everything of the first is the second's afterwards, and what
 * they were known by is remembered. Where both were referrers, the kept one has all successes.
 * @param cause what told us, so that the figures are told once
 */
export async function mergePeople(ctx: Context, from: Person, into: Person, cause: string): Promise<void> {
  if (from.id === into.id) return;
  const { shop, tx } = ctx;
  await leaveOneOpen(ctx, from, into);
  const moved = await moveReferrers(ctx, from, into);
  const theirs = { where: { shopId: shop.id, personId: from.id }, data: { personId: into.id } };
  await tx.referral.updateMany({
    where: { shopId: shop.id, recipientId: from.id },
    data: { recipientId: into.id },
  });
  await tx.reward.updateMany(theirs);
  await tx.coupon.updateMany(theirs);
  await tx.consentRecord.updateMany(theirs);
  await tx.orderFacts.updateMany(theirs);
  await tx.personAlias.updateMany(theirs);
  await tx.outboxEvent.updateMany(theirs);
  await tx.delivery.updateMany(theirs);
  await tx.connectionPerson.deleteMany({ where: { shopId: shop.id, personId: from.id } });
  await endSelfReferrals(ctx, into);
  await tx.person.delete({ where: { shopId_id: { shopId: shop.id, id: from.id } } });
  const merged = await remember(ctx, from, into);
  for (const referrer of moved) await emitProperties(ctx, referrer, merged, `${referrer.id}:merged:${cause}`);
}

/** @returns the referrers that are others now, by their figures or by whose they are */
async function moveReferrers(ctx: Context, from: Person, into: Person): Promise<Referrer[]> {
  const { shop, tx } = ctx;
  const both = { shopId: shop.id, personId: { in: [from.id, into.id] } };
  await lockReferrers(
    ctx,
    (await tx.referrer.findMany({ where: both })).map(({ id }) => id),
  );
  const referrers = await tx.referrer.findMany({ where: both });
  const moved: Referrer[] = [];
  for (const lost of referrers.filter(({ personId }) => personId === from.id)) {
    const kept = referrers.find(({ personId, programId }) => personId === into.id && programId === lost.programId);
    moved.push(kept ? await foldReferrer(ctx, lost, kept) : await giveReferrer(ctx, lost, into));
  }
  return moved;
}

async function giveReferrer({ shop, tx }: Context, { id }: Referrer, { id: personId }: Person): Promise<Referrer> {
  return tx.referrer.update({ where: { shopId_id: { shopId: shop.id, id } }, data: { personId } });
}

/** The kept referrer gets the other's referrals and figures; the other's code is theirs too, as an alias. */
async function foldReferrer({ shop, tx }: Context, lost: Referrer, kept: Referrer): Promise<Referrer> {
  await tx.referral.updateMany({
    where: { shopId: shop.id, referrerId: lost.id },
    data: { referrerId: kept.id },
  });
  await tx.referrer.delete({ where: { shopId_id: { shopId: shop.id, id: lost.id } } });
  const latest =
    [kept.latestSuccessAt, lost.latestSuccessAt]
      .filter((date) => date !== null)
      .sort((a, b) => a.getTime() - b.getTime())
      .at(-1) ?? null;
  return tx.referrer.update({
    where: { shopId_id: { shopId: shop.id, id: kept.id } },
    data: {
      successfulCount: { increment: lost.successfulCount },
      successfulRevenue: { increment: lost.successfulRevenue },
      latestSuccessAt: latest,
      formerCodes: { push: [lost.code, ...lost.formerCodes] },
    },
  });
}

async function remember({ shop, tx, now }: Context, from: Person, into: Person): Promise<Person> {
  const known = [
    { kind: "person", value: from.id },
    ...(from.gid ? [{ kind: "gid", value: from.gid }] : []),
    ...(from.email ? [{ kind: "email", value: from.email }] : []),
  ];
  await tx.personAlias.createMany({
    data: known.map((alias) => ({ ...alias, shopId: shop.id, personId: into.id, at: now })),
    skipDuplicates: true,
  });
  return tx.person.update({
    where: { shopId_id: { shopId: shop.id, id: into.id } },
    data: {
      firstName: into.firstName ?? from.firstName,
      lastName: into.lastName ?? from.lastName,
      phone: into.phone ?? from.phone,
      locale: into.locale ?? from.locale,
      ...placeOf(hasPlace(into) ? into : from),
      ...(into.email ? {} : { email: from.email, emailFraudKey: from.emailFraudKey }),
    },
  });
}

function hasPlace(person: Person): boolean {
  return Object.values(placeOf(person)).some((part) => part !== null);
}

function placeOf({ city, region, country, zip }: Person): Place {
  return { city, region, country, zip };
}
