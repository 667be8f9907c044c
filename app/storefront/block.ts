import type { Context } from "#app/domain/context.ts";
import { recordShopifyConsent } from "#app/domain/people/record-consent.ts";
import type { ShopifyCustomer } from "#app/domain/people/record-customer.ts";
import { inviteRecipient } from "#app/domain/referrals/invite-recipient.ts";
import { joinProgram, readShare, type Share } from "#app/domain/referrals/join-program.ts";
import type { BlockAnswer, InviteAnswer } from "./contract.ts";
import { type Spent, spendSignature } from "./spend-signature.ts";

/** How a customer who is signed in stands. */
export async function readStanding(ctx: Context, customerGid: string): Promise<BlockAnswer> {
  const share = await readShare(ctx, customerGid);
  return share ? joined(share) : { state: "outside" };
}

/**
 * The customer joins; who has joined keeps what they have.
 * @returns "replayed" if the request came before
 */
export async function join(ctx: Context, known: ShopifyCustomer, request: Spent): Promise<BlockAnswer | "replayed"> {
  if (!(await spendSignature(ctx, request))) return "replayed";
  const { customer, consent } = known;
  const outcome = await joinProgram(ctx, customer);
  await recordShopifyConsent(ctx, customer.gid, consent);
  return outcome.kind === "refused" ? { state: "refused", because: outcome.because } : joined(outcome);
}

/**
 * The customer invites a friend by e-mail.
 * @param email as they typed it
 * @returns "replayed" if the request came before
 */
export async function invite(
  ctx: Context,
  customerGid: string,
  email: string,
  request: Spent,
): Promise<InviteAnswer | "replayed"> {
  if (!(await spendSignature(ctx, request))) return "replayed";
  const outcome = await inviteRecipient(ctx, customerGid, email);
  return outcome.kind === "refused" ? { state: "refused", because: outcome.because } : { state: "invited" };
}

function joined({ link, code }: Share): BlockAnswer {
  return { state: "joined", link, code };
}
