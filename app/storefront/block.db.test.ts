import { beforeEach, describe, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import { ensureProgram } from "#app/domain/referrals/program.ts";
import { buyer, customer } from "#tests/builders.ts";
import { makeShop, type TestShop } from "#tests/context.ts";
import { join, readStanding } from "./block.ts";
import { blockAnswer } from "./contract.ts";
import { readOffer } from "./read-offer.ts";

const ocean = buyer("Ocean");
const at = new Date("2026-11-21T12:00:00Z");
const minutes = (count: number) => new Date(at.getTime() + count * 60_000);

let test: TestShop;
beforeEach(async () => {
  test = await makeShop();
  await test.decide(ensureProgram);
});

const joinWith = (signature: string, when = at, who = customer("Ocean")) =>
  test.decide((ctx) => join(ctx, who, { signature, at: when }));

describe("a customer on the storefront", () => {
  it("has nothing to share before they join, and keeps what they have after", async () => {
    expect(await test.decide((ctx) => readStanding(ctx, ocean.gid ?? ""))).toEqual({ state: "outside" });
    const joined = await joinWith("a");
    expect(blockAnswer.parse(joined)).toMatchObject({
      state: "joined",
      link: expect.stringMatching(/^https:\/\/juniper\.shop\/apps\/passalong\/OCEAN\w{5}$/),
    });
    expect(await joinWith("b")).toEqual(joined);
    expect(await test.decide((ctx) => readStanding(ctx, ocean.gid ?? ""))).toEqual(joined);
    expect(await db.referrer.count({ where: { shopId: test.shop.id } })).toBe(1);
    expect(test.emitted).toHaveLength(1);
  });

  it("without an e-mail address is told that they cannot join", async () => {
    expect(await joinWith("a", at, customer("Ocean", { email: null }))).toEqual({
      state: "refused",
      because: "no_email",
    });
  });

  it("joins by a request once, and only that shop's", async () => {
    await joinWith("a");
    expect(await joinWith("a", minutes(1))).toBe("replayed");
    const other = await makeShop();
    await other.decide(ensureProgram);
    expect(await other.decide((ctx) => join(ctx, customer("Ocean"), { signature: "a", at }))).toMatchObject({
      state: "joined",
    });
  });

  it("may try a request again that came to nothing", async () => {
    const failing = test.decide(async (ctx) => {
      await join(ctx, customer("Ocean"), { signature: "a", at });
      throw new Error("the database went away");
    });
    await expect(failing).rejects.toThrow("went away");
    expect(await joinWith("a")).toMatchObject({ state: "joined" });
  });

  it("leaves signatures behind only as long as they could be used again", async () => {
    await joinWith("a");
    await joinWith("b", minutes(4));
    await joinWith("c", minutes(11));
    const kept = await db.usedSignature.findMany({ where: { shopId: test.shop.id }, orderBy: { usedAt: "asc" } });
    expect(kept.map(({ signature }) => signature)).toEqual(["b", "c"]);
  });
});

describe("a referrer's link", () => {
  it("offers what the program gives to friends, however its code is written", async () => {
    const joined = blockAnswer.parse(await joinWith("a"));
    const code = joined.state === "joined" ? joined.code : "";
    expect(await test.decide((ctx) => readOffer(ctx, ` ${code.toLowerCase()}`))).toEqual({
      code,
      shopName: "Juniper",
      value: { type: "percentage", percent: 10 },
      minimumSpend: null,
      currency: "USD",
      firstOrderOnly: true,
      ownCodeCounts: true,
    });
  });

  it("offers nothing in another shop, or when nobody has its code", async () => {
    const joined = blockAnswer.parse(await joinWith("a"));
    const code = joined.state === "joined" ? joined.code : "";
    const other = await makeShop();
    await other.decide(ensureProgram);
    expect(await other.decide((ctx) => readOffer(ctx, code))).toBeNull();
    expect(await test.decide((ctx) => readOffer(ctx, "NOBODY"))).toBeNull();
    expect(await test.decide((ctx) => readOffer(ctx, ""))).toBeNull();
  });
});
