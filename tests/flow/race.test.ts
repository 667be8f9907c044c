import { afterAll, beforeAll, expect, test } from "vitest";
import { now } from "#app/clock.server.ts";
import { db, pool } from "#app/db.server.ts";
import { approveByMerchant } from "#app/domain/referrals/approve-by-merchant.ts";
import { claimReferral } from "#app/domain/referrals/claim-referral.ts";
import { joinProgram } from "#app/domain/referrals/join-program.ts";
import { ensureProgram } from "#app/domain/referrals/program.ts";
import { recordOrder } from "#app/domain/referrals/record-order.ts";
import { dueReferrals, settleReferral } from "#app/domain/referrals/settle-due.ts";
import { jobs } from "#app/jobs/index.ts";
import { closeQueues, openQueues } from "#app/queue/boss.ts";
import { transact } from "#app/transact.server.ts";
import { buyer, order } from "#tests/builders.ts";
import { makeShop } from "#tests/context.ts";

const ROUNDS = 20;
const AT_ONCE = 50;

beforeAll(async () => {
  const onError = (error: unknown) => {
    throw error;
  };
  await openQueues({ pool, queues: jobs, works: false, onError });
});
afterAll(closeQueues);

const times = <T>(count: number, make: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => make(i)));

test("fifty at once who complete one referral complete it once, twenty times over", { timeout: 240_000 }, async () => {
  const { shop } = await makeShop();
  const shopId = shop.id;
  await transact(shopId, ensureProgram);
  const joined = await transact(shopId, (ctx) => joinProgram(ctx, buyer("Ocean")));
  if (joined.kind === "refused") throw new Error(joined.because);

  for (let round = 1; round <= ROUNDS; round++) {
    const friend = { ...buyer("Fern"), gid: `gid://shopify/Customer/${round}`, email: `fern${round}@grove.shop` };
    const details = { email: friend.email, firstName: "Fern", lastName: "Grove", locale: "en", consent: null };
    await transact(shopId, (ctx) => claimReferral(ctx, joined.code, details));
    const at = now().toISOString();
    const placed = order({ gid: `gid://shopify/Order/${round}`, buyer: friend, placedAt: at, updatedAt: at });
    const look = { order: placed, landingSite: null, earlierPaidOrder: false };
    await times(AT_ONCE, async (i) => {
      await transact(shopId, (ctx) => recordOrder(ctx, look));
      const [referral] = await db.referral.findMany({ where: { shopId, orderGid: placed.gid } });
      if (!referral) throw new Error("the order was recorded without its referral");
      await transact(shopId, async (ctx) => {
        if (i % 2) await approveByMerchant(ctx, referral.id);
        else for (const id of await dueReferrals(ctx, 10)) await settleReferral(ctx, id);
      });
    });
  }

  const referrals = await db.referral.findMany({
    where: { shopId },
    include: { rewards: true, transitions: { orderBy: { seq: "asc" } } },
  });
  expect(referrals).toHaveLength(ROUNDS);
  for (const { state, rewards, transitions } of referrals) {
    expect(state).toBe("approved");
    expect(rewards.map(({ role }) => role).sort()).toEqual(["recipient", "referrer"]);
    expect(transitions.map(({ to }) => to)).toEqual(["claimed", "purchased", "approved"]);
  }
  expect(await db.referrer.findMany({ where: { shopId } })).toMatchObject([
    { successfulCount: ROUNDS, successfulRevenue: 9000n * BigInt(ROUNDS) },
  ]);
  const told = await db.outboxEvent.groupBy({ where: { shopId }, by: ["entry"], _count: true });
  expect(Object.fromEntries(told.map(({ entry, _count }) => [entry, _count]))).toEqual({
    "opted-in.referrer": 1,
    "opted-in.recipient": ROUNDS,
    "link-used.referrer": ROUNDS,
    "properties.referrer": ROUNDS,
  });
});
