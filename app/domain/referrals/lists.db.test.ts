import { beforeAll, describe, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import { readAttention } from "#app/domain/stats/attention.ts";
import type { Page } from "#app/lib/page.ts";
import { buyer, order } from "#tests/builders.ts";
import { makeShop, type TestShop } from "#tests/context.ts";
import { join, shopWithProgram } from "#tests/shop-with-program.ts";
import { approveByMerchant } from "./approve-by-merchant.ts";
import { listReferrals } from "./list-referrals.ts";
import { listReferrers } from "./list-referrers.ts";
import { listUncounted } from "./list-uncounted.ts";
import { readReferral } from "./read-referral.ts";
import { recordOrder } from "./record-order.ts";
import { readReferrerName } from "./referrer.ts";
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
async function buys(name: string, code: string, number: string, at = shop, laterMs = 1000) {
  at.pass(laterMs);
  const facts = order({
    gid: `gid://shopify/Order/${number}`,
    name: `#${number}`,
    buyer: buyer(name),
    discountCodes: [{ code, amount: 900n }],
  });
  return at.decide((ctx) => recordOrder(ctx, { order: facts, landingSite: null, earlierPaidOrder: false }));
}

/** Reads a list of two pages to its end and back again: the way back shows what the way there showed. */
async function backAndForth<Row>(read: (place: { before?: string; after?: string }) => Promise<Page<Row>>) {
  const first = await read({});
  expect(first.newer).toBeUndefined();
  const second = await read({ before: first.older ?? "" });
  expect(second.older).toBeUndefined();
  expect(await read({ after: second.newer ?? "" })).toEqual(first);
  return [first.rows, second.rows];
}

const referrals = (filter: Omit<Parameters<typeof listReferrals>[1], "limit">, of = shop) =>
  of.decide((ctx) => listReferrals(ctx, { limit: 10, ...filter }));
const friends = async (filter: Omit<Parameters<typeof listReferrals>[1], "limit">) =>
  (await referrals(filter)).rows.map(({ recipientName }) => recipientName);

describe("the list of referrals", () => {
  it("goes on where the page before ended", async () => {
    const rest = await backAndForth((place) => shop.decide((ctx) => listReferrals(ctx, { ...place, limit: 2 })));
    expect(rest.map((rows) => rows.map(({ orderName }) => orderName))).toEqual([["#1003", "#1002"], ["#1001"]]);
  });

  it("has no newer page than the newest, also when it is come back to", async () => {
    const all = await referrals({});
    expect([all.newer, all.older]).toEqual([undefined, undefined]);
    const last = all.rows.at(-1)?.id;
    const upper = await shop.decide((ctx) => listReferrals(ctx, { after: last, limit: 1 }));
    expect(upper.rows.map(({ orderName }) => orderName)).toEqual(["#1002"]);
    const newest = await shop.decide((ctx) => listReferrals(ctx, { after: upper.newer, limit: 1 }));
    expect(newest.rows.map(({ orderName }) => orderName)).toEqual(["#1003"]);
    expect(newest.newer).toBeUndefined();
  });

  it("shows one referrer's only, whoever else has such a name or address", async () => {
    const [ocean] = (await shop.decide((ctx) => listReferrers(ctx, { search: "Ocean", limit: 10 }))).rows;
    expect(await friends({ referrerId: ocean?.id })).toEqual(["Fern Grove"]);
    expect(await shop.decide((ctx) => readReferrerName(ctx, ocean?.id ?? ""))).toBe("Ocean Grove");
    expect(await other.decide((ctx) => readReferrerName(ctx, ocean?.id ?? ""))).toBe("");
    expect((await referrals({ referrerId: ocean?.id }, other)).rows).toEqual([]);
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

  it("shows one state", async () => {
    const [newest] = (await referrals({})).rows;
    await shop.decide((ctx) => rejectByMerchant(ctx, newest?.id ?? "", { reason: "Too quick", notify: false }));
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
      moreUncounted: 0,
      can: { approve: true, reject: true, overrule: false },
    });
    expect(told?.dueAt?.toISOString()).toBe("2026-11-19T10:00:01.000Z");
  });

  it("lists the friend's newest other orders only, and counts the rest", async () => {
    const busy = await shopWithProgram({});
    const code = await join(busy, "Ocean");
    await buys("Fern", code, "2000", busy);
    for (let n = 2001; n <= 2022; n++) await buys("Fern", code, String(n), busy);
    const [row] = (await referrals({}, busy)).rows;
    const told = await busy.decide((ctx) => readReferral(ctx, row?.id ?? ""));
    expect(told?.uncounted).toHaveLength(20);
    expect(told?.uncounted[0]).toMatchObject({ name: "#2022" });
    expect(told?.moreUncounted).toBe(2);
  });

  it("of another shop is not there", async () => {
    const [row] = (await referrals({})).rows;
    expect(await other.decide((ctx) => readReferral(ctx, row?.id ?? ""))).toBeNull();
  });
});

describe("orders that count for nobody", () => {
  it("are listed with the rule that says so", async () => {
    const found = await shop.decide((ctx) => listUncounted(ctx, { limit: 10 }));
    expect(found.rows).toMatchObject([{ name: "#1004", buyerName: "Ocean Grove", verdict: "self_referral" }]);
  });

  it("go on behind each other, also those that changed at the same moment", async () => {
    const juniper = await shopWithProgram({ holdDays: 14 });
    const code = await join(juniper, "Ocean");
    for (const number of ["1001", "1002", "1003"]) await buys("Ocean", code, number, juniper, 0);
    const pages = await backAndForth((place) => juniper.decide((ctx) => listUncounted(ctx, { ...place, limit: 2 })));
    expect(pages.map((rows) => rows.map(({ name }) => name))).toEqual([["#1003", "#1002"], ["#1001"]]);
  });

  it("are found by order and by buyer, in the shop's own", async () => {
    const names = async (search: string, of = shop) =>
      (await of.decide((ctx) => listUncounted(ctx, { search, limit: 10 }))).rows.map(({ name }) => name);
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

  it("says of a code that Shopify would not take why it does not work", async () => {
    const [ocean] = await found("ocean");
    expect(ocean?.codeFailed).toBeUndefined();
    const of = { shopId: shop.shop.id, code: ocean?.code ?? "" };
    await db.coupon.updateMany({ where: of, data: { state: "failed", reason: "TAKEN" } });
    expect((await found()).map(({ name, codeFailed }) => [name, codeFailed]).sort()).toEqual([
      ["Ocean Grove", "TAKEN"],
      ["River Grove", undefined],
    ]);
    await db.coupon.updateMany({ where: of, data: { state: "live", reason: null } });
  });

  it("goes on where the page before ended", async () => {
    const pages = await backAndForth((place) => shop.decide((ctx) => listReferrers(ctx, { ...place, limit: 1 })));
    // They joined at the same moment: which of them comes first is left open.
    expect(pages.map((rows) => rows.length)).toEqual([1, 1]);
    expect(pages.flatMap((rows) => rows.map(({ name }) => name)).sort()).toEqual(["Ocean Grove", "River Grove"]);
  });

  it("is searched by name and by code, and is the shop's own", async () => {
    const [river] = await found("River Grove");
    expect((await found(river?.code.toLowerCase())).map(({ id }) => id)).toEqual([river?.id]);
    expect(await found()).toHaveLength(2);
    expect(await found(undefined, other)).toEqual([]);
  });
});

describe("a referral whose coupon failed", () => {
  it("is found by that, and needs attention in its own shop", async () => {
    const shopId = shop.shop.id;
    const id = (await referrals({ search: "heath" })).rows[0]?.id ?? "";
    await shop.decide((ctx) => approveByMerchant(ctx, id));
    expect(await shop.decide(readAttention)).toMatchObject({ failedRewards: 0 });
    await db.reward.updateMany({ where: { shopId, referralId: id }, data: { state: "failed" } });
    expect(await friends({ failedReward: true })).toEqual(["Heath Grove"]);
    expect(await shop.decide(readAttention)).toMatchObject({ failedRewards: 1 });
    expect(await other.decide(readAttention)).toMatchObject({ failedRewards: 0 });
  });
});
