import type { Person, Prisma, Referrer } from "@prisma/client";
import type { Properties } from "#app/catalog/catalog.ts";
import type { Context, ShopFacts } from "#app/domain/context.ts";
import { fullName } from "#app/domain/people/know-person.ts";
import { majorUnits } from "#app/lib/money.ts";
import { normalCode } from "./rules.ts";

type ReferrerWithPerson = Prisma.ReferrerGetPayload<{ include: { person: true } }>;

/** Whose link has that code; links of a referrer who was folded into another one go on working. */
export async function findReferrerByCode(
  { shop, tx }: Context,
  programId: string,
  linkCode: string,
): Promise<ReferrerWithPerson | null> {
  const code = normalCode(linkCode);
  return tx.referrer.findFirst({
    where: { shopId: shop.id, programId, OR: [{ code }, { formerCodes: { has: code } }] },
    include: { person: true },
  });
}

/** Waits for whoever is changing those referrers' figures; they stay as they are then until the decision commits. */
export async function lockReferrers({ shop, tx }: Context, ids: readonly string[]): Promise<void> {
  await tx.$queryRaw`
    SELECT 1 FROM "Referrer" WHERE "shopId" = ${shop.id} AND "id" = ANY(${[...ids]}) ORDER BY "id" FOR UPDATE`;
}

/** The link that a referrer shares: `https://{shop}/apps/passalong/{code}`. */
export function shareableLink(shop: ShopFacts, code: string): string {
  return `${shop.primaryDomainUrl}${shop.proxyPath}/${encodeURIComponent(code)}`;
}

/** What the ESPs know of a referrer, as of now. */
export function propertiesOf(shop: ShopFacts, referrer: Referrer, person: Person): Properties {
  return {
    "Passalong Referral Shareable Link": shareableLink(shop, referrer.code),
    "Passalong Number of Successful Referrals": referrer.successfulCount,
    "Passalong Total Successful Referral Revenue": majorUnits({
      minor: referrer.successfulRevenue,
      currency: referrer.currency,
    }),
    "Passalong Latest Successful Referral Date": referrer.latestSuccessAt?.toISOString(),
    "Passalong Referral Code": referrer.code,
    "Passalong Given Name": person.firstName ?? undefined,
    "Passalong Family Name": person.lastName ?? undefined,
  };
}

/** Tells the ESPs the referrer's figures when no event carries them. */
export async function emitProperties(ctx: Context, referrer: Referrer, person: Person, cause: string): Promise<void> {
  await ctx.emit({
    entry: "properties.referrer",
    personId: person.id,
    cause,
    properties: propertiesOf(ctx.shop, referrer, person),
  });
}

/** Who that referrer is, by name or address; "" if this shop has none of that id. */
export async function readReferrerName({ shop, tx }: Context, id: string): Promise<string> {
  const found = await tx.referrer.findUnique({
    where: { shopId_id: { shopId: shop.id, id } },
    include: { person: true },
  });
  return found ? fullName(found.person) || (found.person.email ?? "") : "";
}
