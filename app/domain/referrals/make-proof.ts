import { createHash, randomBytes } from "node:crypto";
import type { Referral } from "@prisma/client";
import type { Context } from "#app/domain/context.ts";
import type { Consent } from "#app/domain/people/record-consent.ts";
import { shareableLink } from "./referrer.ts";

/** How long a link proves an address: three days. */
const VALID_MS = 3 * 86_400_000;

/** A mail just sent is on its way: another one would only kill its link. */
const FRESH_MS = 60_000;

/** Whether a link was sent within the last minute, and still works. */
export async function hasFreshProof({ shop, tx, now }: Context, referral: Referral): Promise<boolean> {
  const expiresAt = { gt: new Date(now.getTime() + VALID_MS - FRESH_MS) };
  return (
    (await tx.addressProof.count({ where: { shopId: shop.id, referralId: referral.id, usedAt: null, expiresAt } })) > 0
  );
}

/** Keeps with the link just sent what they ticked only when they asked again. */
export async function addConsent({ shop, tx }: Context, referral: Referral, consent: Consent): Promise<void> {
  await tx.addressProof.updateMany({
    where: { shopId: shop.id, referralId: referral.id, usedAt: null },
    data: { consent },
  });
}

/**
 * A link that proves the recipient's address; only the token's hash stays with us, and links made before end.
 * @param consent what they ticked: anybody can type an address, so it holds once the link is followed
 */
export async function makeProof(ctx: Context, referral: Referral, consent: Consent | null): Promise<string> {
  const { shop, tx, now } = ctx;
  const token = randomBytes(24).toString("base64url");
  await tx.addressProof.deleteMany({ where: { shopId: shop.id, referralId: referral.id, usedAt: null } });
  await tx.addressProof.create({
    data: {
      shopId: shop.id,
      tokenHash: hashOfToken(token),
      referralId: referral.id,
      ...(consent ? { consent } : {}),
      expiresAt: new Date(now.getTime() + VALID_MS),
    },
  });
  return `${shareableLink(shop, "verify")}/${token}`;
}

/** What is stored of a token. */
export function hashOfToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
