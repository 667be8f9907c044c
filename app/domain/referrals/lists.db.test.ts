import { beforeAll, describe, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import { readAttention } from "#app/domain/stats/attention.ts";
import { buyer, order } from "#tests/builders.ts";
import { makeShop, type TestShop } from "#tests/context.ts";
import { join, shopWithProgram } from "#tests/shop-with-program.ts";
import { listReferrals } from "./list-referrals.ts";
import { listReferrers } from "./list-referrers.ts";
import { listUncounted } from "./list-uncounted.ts";
import { readReferral } from "./read-referral.ts";
import { recordOrder } from "./record-order.ts";
import { rejectByMerchant } from "./reject-referral.ts";

let shop: TestShop;
let other: TestShop;

beforeAll(async () => {
  shop = await shopWithProgram({ holdDays: 14 });
  other = await makeShop();
  const ocean = await join(shop, "Ocean");
  const river = await join(shop, "River");
  await buys("Fern", ocean, "1001");
  await buys("Heath", river, "1002");
  await buys("Briar", river, "1003");
  await buys("Ocean", ocean, "1004");
});

/** Each a second later than the one before, so that lists have an order. */
async function buys(name: string, code: string, number: string) {
  shop.pass(1000);
  const facts = order({
    gid: `gid://shopify/Order/${number}`,
    name: `#${number}`,
    buyer: buyer(name),
    discountCodes: [{ code, amount: 900n }],
  });
  return shop.decide((ctx) => recordOrder(ctx, { order: facts, landingSite: null, earlierPaidOrder: false }));
}

const referrals = (filter: Omit<Parameters<typeof listReferrals>[1], "limit">, of = shop) =>
  of.decide((ctx) => listReferrals(ctx, { limit: 10, ...filter }));
const friends = async (filter: Omit<Parameters<typeof listReferrals>[1], "limit">) =>
  (await referrals(filter)).rows.map(({ recipientName }) => recipientName);

describe("the list of referrals", () => {
  it("goes on where the page before ended", async () => {
    const first = await shop.decide((ctx) => listReferrals(ctx, { limit: 2 }));
    expect(first.rows.map(({ orderName }) => orderName)).toEqual(["#1003", "#1002"]);
    const rest = await shop.decide((ctx) => listReferrals(ctx, { limit: 2, before: first.next }));
    expect(rest.rows.map(({ orderName }) => orderName)).toEqual(["#1001"]);
    expect(rest.next).toBeUndefined();
  });

  it.each([
    ["a friend's name", "fern gro", ["Fern Grove"]],
    ["a friend's address", "HEATH@", ["Heath Grove"]],
    ["a referrer's name", "river", ["Briar Grove", "Heath Grove"]],
    ["an order", "#1001", ["Fern Grove"]],
    ["nothing that is there", "100%", []],
  ])("finds %s", async (_, search, names) => {
    expect(await friends({ search })).toEqual(names);
  });

  it("shows one state, or what is in review", async () => {
    const [newest] = (await referrals({})).rows;
    const id = newest?.id ?? "";
    await db.referral.update({ where: { shopId_id: { shopId: shop.shop.id, id } }, data: { review: "velocity" } });
    expect(await friends({ review: true })).toEqual(["Briar Grove"]);
    expect(await shop.decide(readAttention)).toEqual({ inReview: 1, failedRewards: 0 });
    await shop.decide((ctx) => rejectByMerchant(ctx, id, { reason: "Too quick", notify: false }));
    expect(await friends({ review: true })).toEqual([]);
    expect(await friends({ state: "rejected" })).toEqual(["Briar Grove"]);
    expect(await friends({ state: "purchased" })).toEqual(["Heath Grove", "Fern Grove"]);
  });

  it("is the shop's own", async () => {
    expect((await referrals({}, other)).rows).toEqual([]);
  });
});

describe("a referral", () => {
  it("tells its whole story", async () => {
    const [row] = (await referrals({ search: "Fern" })).rows;
    const told = await shop.decide((ctx) => readReferral(ctx, row?.id ?? ""));
    expect(told).toMatchObject({
      state: "purchased",
      order: { total: { minor: 9500n, currency: "USD" } },
      steps: [{ to: "purchased", cause: "order_paid", evidence: { order: "#1001", signal: "code" } }],
      rewards: [],
      uncounted: [],
      can: { approve: true, reject: true, overrule: false },
    });
    expect(told?.dueAt?.toISOString()).toBe("2026-11-19T10:00:01.000Z");
  });

  it("of another shop is not there", async () => {
    const [row] = (await referrals({})).rows;
    expect(await other.decide((ctx) => readReferral(ctx, row?.id ?? ""))).toBeNull();
  });
});

describe("orders that count for nobody", () => {
  it("are listed with the rule that says so", async () => {
    const found = await shop.decide((ctx) => listUncounted(ctx, { limit: 10 }));
    expect(found).toMatchObject([{ name: "#1004", buyerName: "Ocean Grove", verdict: "self_referral" }]);
  });

  it("are found by order and by buyer, in the shop's own", async () => {
    const names = async (search: string, of = shop) =>
      (await of.decide((ctx) => listUncounted(ctx, { search, limit: 10 }))).map(({ name }) => name);
    expect(await names("1004")).toEqual(["#1004"]);
    expect(await names("ocean@")).toEqual(["#1004"]);
    expect(await names("1001")).toEqual([]);
    expect(await names("%")).toEqual([]);
    expect(await names("1004", other)).toEqual([]);
  });
});

describe("the list of referrers", () => {
  const found = async (search?: string, of = shop) =>
    (await of.decide((ctx) => listReferrers(ctx, { search, limit: 10 }))).rows;

  it("has their figures and their link", async () => {
    const rows = await found("ocean");
    expect(rows).toMatchObject([{ name: "Ocean Grove", friends: 1, successful: 0 }]);
    expect(rows[0]?.link).toBe(`https://juniper.shop/apps/passalong/${rows[0]?.code}`);
  });

  it("is searched by name and by code, and is the shop's own", async () => {
    const [river] = await found("River Grove");
    expect((await found(river?.code.toLowerCase())).map(({ id }) => id)).toEqual([river?.id]);
    expect(await found()).toHaveLength(2);
    expect(await found(undefined, other)).toEqual([]);
  });
});
