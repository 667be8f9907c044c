import { db } from "#app/db.server.ts";
import type { Context } from "#app/domain/context.ts";
import { claimReferral } from "#app/domain/referrals/claim-referral.ts";
import { joinProgram } from "#app/domain/referrals/join-program.ts";
import type { ProgramTerms } from "#app/domain/referrals/terms.ts";
import { programTerms } from "#app/domain/referrals/terms.ts";
import { rewardDiscount } from "#app/domain/rewards/discount-terms.ts";
import { openStock } from "#app/domain/rewards/stock.ts";
import { jobs } from "#app/jobs/index.ts";
import { transact } from "#app/transact.server.ts";
import type { TestApp } from "#tests/app.ts";
import type { OrderInput } from "#tests/simulator/shopify/orders.ts";
import { openShop, type Shop } from "./world.ts";

export const DAY = 86_400_000;

/** A shop whose referral program runs under terms of the test's choice, and what happens in it. */
export type Story = Awaited<ReturnType<typeof openStory>>;

/** The decisions are made by the app's own functions, everything else by Shopify's stand-in and its webhooks. */
export async function openStory(app: TestApp, handle: string, terms: Partial<ProgramTerms> = {}) {
  const { client } = app.sim;

  const shop: Shop = await openShop(app, { handle });
  await app.drain();
  const { id: shopId } = await db.shop.findUniqueOrThrow({ where: { domain: shop.domain } });
  const decide = <T>(decision: (ctx: Context) => Promise<T>) => transact(shopId, decision);

  const { programId, version, ...live } = await db.programVersion.findFirstOrThrow({ where: { shopId } });
  const inForce = programTerms.parse({ ...programTerms.parse(live.terms), ...terms });
  await db.programVersion.update({
    where: { shopId_programId_version: { shopId, programId, version } },
    data: { terms: inForce },
  });
  await decide((ctx) => openStock(ctx, rewardDiscount(inForce.recipientReward)));
  await app.drain();

  const person = (name: string) => ({ firstName: name, lastName: "Grove", email: `${name.toLowerCase()}@grove.shop` });
  return {
    ...shop,
    shopId,
    decide,
    /** A customer of the shop joins; returns what they are and share. */
    async joins(name: string) {
      const customer = await client.createCustomer(handle, person(name));
      const facts = { ...person(name), gid: customer.admin_graphql_api_id, phone: null, locale: "en" };
      const joined = await decide((ctx) => joinProgram(ctx, facts));
      await app.drain();
      if (joined.kind === "refused") throw new Error(joined.because);
      return { customer, code: joined.code };
    },
    /** A friend claims by a link; returns the coupon that they are shown. */
    async claims(name: string, code: string) {
      const claimed = await decide((ctx) => claimReferral(ctx, code, { ...person(name), locale: "en", consent: null }));
      await app.drain();
      if (claimed.kind !== "claimed" || !claimed.coupon) throw new Error(`no coupon: ${JSON.stringify(claimed)}`);
      return claimed.coupon;
    },
    /** Somebody of that name places an order, a mug for 90.00 unless the test says otherwise. */
    async buys(name: string, order: OrderInput = {}) {
      const placed = await client.placeOrder(handle, { ...person(name), ...order });
      await app.drain();
      return placed;
    },
    /** Time passes for everybody, and the minute's sweep comes. */
    async pass(milliseconds: number) {
      await client.setClock({ advanceMs: milliseconds });
      await jobs["settle-due"].run({}, false);
      await app.drain();
    },
    referrals: () => db.referral.findMany({ where: { shopId }, orderBy: { id: "asc" } }),
    referrers: () => db.referrer.findMany({ where: { shopId }, orderBy: { id: "asc" } }),
    async timeline() {
      const steps = await db.referralTransition.findMany({
        where: { shopId },
        orderBy: [{ referralId: "asc" }, { seq: "asc" }],
      });
      return steps.map(({ from, to, cause }) => `${from ?? "·"} → ${to} (${cause})`);
    },
    coupons: (where: { kind?: string; state?: string } = {}) =>
      db.coupon.findMany({ where: { shopId, ...where }, orderBy: { id: "asc" } }),
    /** The codes that work in Shopify now. */
    codesInShopify: async () =>
      (await client.discounts(handle)).flatMap(({ codes }) => codes.map(({ code }) => code)).sort(),
    /** What Klaviyo was told, in order. */
    told: async () => (await shop.klaviyo.events(shop.account.id)).map(({ metric }) => metric),
  };
}
