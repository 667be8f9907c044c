import type { Person } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import { emailFraudKey, normalEmail } from "#app/lib/email.ts";
import { newId } from "#app/lib/ids.ts";

/** What Shopify says of a human; at least a gid or an e-mail address. */
export type Facts = {
  readonly gid: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly locale: string | null;
  readonly place?: Place;
};

/** Where somebody lives, as far as that is told: the parts belong together, one that is null is none. */
export type Place = Readonly<Record<"city" | "region" | "country" | "zip", string | null>>;

type Found = {
  readonly person: Person | null;
  /** Whoever has that address: the person themselves, or a customer with another id. */
  readonly holder: Person | null;
};

/** The person those facts are about, if we know them: by customer id first, then by address. */
export async function findPerson(ctx: Context, facts: Pick<Facts, "gid" | "email">): Promise<Person | null> {
  return (await lookUp(ctx, facts)).person;
}

/**
 * One look decides both who it is and whose the address is: whoever takes the address after it makes the write fail and
 * the decision start again, instead of somebody without an address.
 */
async function lookUp(ctx: Context, facts: Pick<Facts, "gid" | "email">): Promise<Found> {
  const { shop, tx } = ctx;
  const { gid } = facts;
  const email = normalEmail(facts.email);
  const byGid = gid ? await tx.person.findUnique({ where: { shopId_gid: { shopId: shop.id, gid } } }) : null;
  const holder = email ? await tx.person.findUnique({ where: { shopId_email: { shopId: shop.id, email } } }) : null;
  // Two customers never share an address; one who has an id of their own is somebody else.
  const byEmail = holder && (!gid || !holder.gid) ? holder : null;
  return { person: byGid ?? byEmail ?? (await findByAlias(ctx, gid, email)), holder };
}

async function findByAlias({ shop, tx }: Context, gid: string | null, email: string | null): Promise<Person | null> {
  const known = [
    ...(gid ? [{ kind: "gid", value: gid }] : []),
    ...(email && !gid ? [{ kind: "email", value: email }] : []),
  ];
  if (known.length === 0) return null;
  const alias = await tx.personAlias.findFirst({ where: { shopId: shop.id, OR: known }, include: { person: true } });
  return alias?.person ?? null;
}

/**
 * The person those facts are about, made or brought up to date: a guest who signs up is the same person.
 * Facts that are null are unknown, not empty: they overwrite nothing. What somebody says of a customer without being
 * signed in (a guest's order, a claim) only fills in what is missing: it may come from an address of before, or of others.
 * @returns null when the facts name nobody
 */
export async function knowPerson(ctx: Context, facts: Facts): Promise<Person | null> {
  const { shop, tx, now } = ctx;
  const email = normalEmail(facts.email);
  if (!facts.gid && !email) return null;
  const { person, holder } = await lookUp(ctx, facts);
  if (person) return updatePerson(ctx, person, facts, holder);
  return tx.person.create({
    data: {
      shopId: shop.id,
      id: newId("per", now),
      gid: facts.gid,
      ...(email && !holder ? addressOf(email) : {}),
      phone: facts.phone,
      firstName: facts.firstName,
      lastName: facts.lastName,
      locale: facts.locale,
      ...facts.place,
      createdAt: now,
    },
  });
}

async function updatePerson(ctx: Context, person: Person, facts: Facts, holder: Person | null): Promise<Person> {
  const { shop, tx, now } = ctx;
  const email = normalEmail(facts.email);
  const isHearsay = person.gid !== null && facts.gid === null;
  const moved = email !== null && email !== person.email && !(isHearsay && person.email !== null);
  if (moved && person.email) {
    const alias = { shopId: shop.id, kind: "email", value: person.email };
    await tx.personAlias.upsert({
      where: { shopId_kind_value: alias },
      create: { ...alias, personId: person.id, at: now },
      update: { personId: person.id, at: now },
    });
  }
  const [first, second] = isHearsay ? [person, facts] : [facts, person];
  const changes = {
    gid: person.gid ?? facts.gid,
    phone: first.phone ?? second.phone,
    firstName: first.firstName ?? second.firstName,
    lastName: first.lastName ?? second.lastName,
    locale: first.locale ?? second.locale,
    ...(isHearsay ? {} : facts.place),
    ...(moved && !holder ? addressOf(email) : {}),
  };
  const same = Object.entries(changes).every(([key, value]) => person[key as keyof typeof changes] === value);
  if (same) return person;
  return tx.person.update({ where: { shopId_id: { shopId: shop.id, id: person.id } }, data: changes });
}

/** The address columns. */
function addressOf(email: string) {
  return { email, emailFraudKey: emailFraudKey(email) };
}

/** First and last name as one, "" if there is none. */
export function fullName(person: Pick<Person, "firstName" | "lastName">): string {
  return [person.firstName, person.lastName].filter(Boolean).join(" ");
}
