import { db } from "#app/db.server.ts";
import type { Consent } from "#app/domain/people/record-consent.ts";
import { claimReferral } from "#app/domain/referrals/claim-referral.ts";
import { recordOrder } from "#app/domain/referrals/record-order.ts";
import { dueReferrals, settleReferral } from "#app/domain/referrals/settle-due.ts";
import { defaultTerms, type ProgramTerms } from "#app/domain/referrals/terms.ts";
import { rewardDiscount } from "#app/domain/rewards/discount-terms.ts";
import { openStock } from "#app/domain/rewards/stock.ts";
import { order } from "./builders.ts";
import { fillStock, join, shopWithProgram } from "./shop-with-program.ts";

/** A shop with a program and codes in stock, in which Ocean shares her link, and what friends and time do there. */
export async function referralScene(terms: Partial<ProgramTerms> = {}) {
  const shop = await shopWithProgram(terms);
  const shopId = shop.shop.id;
  const code = await join(shop, "Ocean");
  await shop.decide((ctx) => openStock(ctx, rewardDiscount(defaultTerms.recipientReward)));
  await fillStock(shop);
  shop.emitted.length = 0;
  shop.asked.length = 0;
  const scene = {
    ...shop,
    shopId,
    code,
    claim: (name = "Fern", changes: { linkCode?: string; email?: string; consent?: Consent } = {}) =>
      shop.decide((ctx) =>
        claimReferral(ctx, changes.linkCode ?? code, {
          email: changes.email ?? `${name}@grove.shop`,
          firstName: name,
          lastName: "Grove",
          locale: "en",
          consent: changes.consent ?? null,
        }),
      ),
    /** The same, with the code that the friend is shown. */
    async coupon(name = "Fern"): Promise<string> {
      const outcome = await scene.claim(name);
      if (outcome.kind !== "claimed" || !outcome.coupon) throw new Error(`no coupon: ${JSON.stringify(outcome)}`);
      return outcome.coupon;
    },
    buys: (changes: Parameters<typeof order>[0] = {}, earlierPaidOrder: boolean | null = false) =>
      shop.decide((ctx) => recordOrder(ctx, { order: order(changes), landingSite: null, earlierPaidOrder })),
    /** The sweep of what is due. */
    async settle() {
      const due = await shop.decide((ctx) => dueReferrals(ctx, 100));
      for (const id of due) await shop.decide((ctx) => settleReferral(ctx, id));
    },
    /** The merchant gives the program new terms. */
    async changeTerms(changes: Partial<ProgramTerms>) {
      await shop.decide(async ({ tx, now }) => {
        const { id: programId, version } = await tx.program.findFirstOrThrow({ where: { shopId } });
        const next = { ...defaultTerms, ...terms, ...changes };
        await tx.programVersion.create({
          data: { shopId, programId, version: version + 1, terms: next, createdAt: now },
        });
        await tx.program.update({
          where: { shopId_id: { shopId, id: programId } },
          data: { version: version + 1 },
        });
      });
    },
    told: () => shop.emitted.map(({ entry }) => entry),
    referral: () => db.referral.findFirstOrThrow({ where: { shopId }, orderBy: { id: "desc" } }),
    referrer: () => db.referrer.findFirstOrThrow({ where: { shopId } }),
    /** Every step of every referral, in order. */
    async timeline() {
      const steps = await db.referralTransition.findMany({
        where: { shopId },
        orderBy: [{ referralId: "asc" }, { seq: "asc" }],
      });
      return steps.map(({ from, to, cause }) => `${from ?? "·"} → ${to} (${cause})`);
    },
  };
  return scene;
}
export type ReferralScene = Awaited<ReturnType<typeof referralScene>>;
