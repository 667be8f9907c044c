import { beforeEach, describe, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import type { ProgramTerms } from "#app/domain/referrals/terms.ts";
import { defaultTerms } from "#app/domain/referrals/terms.ts";
import { rewardDiscount } from "#app/domain/rewards/discount-terms.ts";
import { openStock } from "#app/domain/rewards/stock.ts";
import { buyer } from "#tests/builders.ts";
import type { TestShop } from "#tests/context.ts";
import { fillStock, join, shopWithProgram } from "#tests/shop-with-program.ts";
import { invite } from "./block.ts";
import { claim, prove } from "./claim.ts";
import { type ClaimRequest, claimRequest } from "./contract.ts";
import { readOffer, readProof } from "./read-offer.ts";

const at = new Date("2026-11-21T12:00:00Z");
const fern: ClaimRequest = { firstName: "Fern", lastName: "Hollow", email: "Fern@Hollow.shop", locale: "de" };

let test: TestShop;
let code: string;
let tries = 0;

async function open(terms: Partial<ProgramTerms> = {}) {
  test = await shopWithProgram(terms);
  code = await join(test, "Ocean");
  await test.decide((ctx) => openStock(ctx, rewardDiscount(defaultTerms.recipientReward)));
  await fillStock(test);
  test.emitted.length = 0;
}

const claims = (changes: Partial<ClaimRequest> = {}, signature = `try ${++tries}`) =>
  test.decide((ctx) => claim(ctx, code, { ...fern, ...changes }, { signature, at }));
const presses = (token: string, signature = `try ${++tries}`) =>
  test.decide((ctx) => prove(ctx, token, { signature, at }));
const invites = (email: string, signature = `try ${++tries}`, name = "Ocean") =>
  test.decide((ctx) => invite(ctx, buyer(name).gid ?? "", email, { signature, at }));
const referrals = () => db.referral.count({ where: { shopId: test.shop.id } });

describe("a friend who leaves their details", () => {
  beforeEach(() => open());

  it("gets a coupon that works, the same one however often they come back", async () => {
    const answer = await claims();
    expect(answer).toEqual({
      state: "claimed",
      coupon: expect.stringMatching(/^FRIEND-/),
      claim: expect.stringMatching(/^rfl_/),
    });
    expect(await claims()).toEqual(answer);
    expect(await referrals()).toBe(1);
  });

  it("gets it by e-mail while no code is in stock", async () => {
    await db.coupon.deleteMany({ where: { shopId: test.shop.id, state: "stock" } });
    expect(await claims()).toEqual({ state: "coming", claim: expect.stringMatching(/^rfl_/) });
  });

  it.each([
    ["no first name", { firstName: "" }, "bad_first_name"],
    ["a link for a first name", { firstName: "Win at www.prize.shop" }, "bad_first_name"],
    ["markup for a last name", { lastName: "<b>Hollow</b>" }, "bad_last_name"],
    ["no address", { email: "fern" }, "bad_email"],
    ["the referrer's address", { email: "ocean@grove.shop" }, "self_referral"],
  ] as const)("with %s is refused, and nothing is kept", async (_case, changes, because) => {
    expect(await claims(changes)).toEqual({ state: "refused", because });
    expect(await referrals()).toBe(0);
    expect(test.emitted).toEqual([]);
  });

  it.each(["José-María", "O’Neil", "J.R.", "Ōé", "花子", "St. John"])("may be called %s", async (firstName) => {
    expect(await claims({ firstName })).toMatchObject({ state: "claimed" });
  });

  it("needs no last name", async () => {
    expect(await claims({ lastName: "" })).toMatchObject({ state: "claimed" });
  });

  it("agrees to mails in the words of the language that they saw, if they tick", async () => {
    await claims({ consent: "yes" });
    const consents = await db.consentRecord.findMany({ where: { shopId: test.shop.id } });
    expect(consents).toMatchObject([
      {
        channel: "email",
        state: "subscribed",
        text: expect.stringContaining("Juniper darf mir Neuigkeiten und Angebote"),
        place: `https://juniper.shop/apps/passalong/${code}`,
        source: "claim_form",
      },
    ]);
  });

  it("agrees to nothing if they do not tick", async () => {
    await claims();
    expect(await db.consentRecord.count({ where: { shopId: test.shop.id } })).toBe(0);
  });

  it("does so by a request once", async () => {
    await claims({}, "one");
    expect(await claims({ email: "river@hollow.shop" }, "one")).toBe("replayed");
    expect(await referrals()).toBe(1);
  });

  it.each([
    { ...fern, extra: "1" },
    { ...fern, consent: true },
    { ...fern, locale: "d\u0000e" },
    { ...fern, locale: "x".repeat(40) },
    { ...fern, email: "x".repeat(255) },
    { email: "fern@hollow.shop" },
  ])("sends what the contract says, and nothing else", (body) => {
    expect(claimRequest.safeParse(body).success).toBe(false);
  });

  it("by a link from before two customers were merged finds the one who is left", async () => {
    await db.referrer.updateMany({ where: { shopId: test.shop.id }, data: { formerCodes: ["OLDCODE22"] } });
    expect(await test.decide((ctx) => readOffer(ctx, "oldcode22"))).toMatchObject({ code });
    const before = code;
    code = "OLDCODE22";
    expect(await claims()).toMatchObject({ state: "claimed" });
    expect(before).not.toBe(code);
  });
});

describe("a friend whose address is to be verified", () => {
  beforeEach(() => open({ verifyAddress: true }));

  /** What the newest verification mail's link ends with. */
  const token = () => {
    const event = test.emitted.findLast(({ entry }) => entry === "opted-in.recipient");
    const link = event?.entry === "opted-in.recipient" ? event.payload["Verification Link"] : undefined;
    return link?.split("/").at(-1) ?? "";
  };
  const look = (which: string) => test.decide((ctx) => readProof(ctx, which));

  it("gets the coupon when they press the button behind the link, not by following it", async () => {
    expect(await claims()).toEqual({ state: "verify" });
    expect(await look(token())).toEqual({ code, open: true, minimumSpend: null });
    expect(await look(token())).toEqual({ code, open: true, minimumSpend: null });
    expect(await presses(token())).toMatchObject({ state: "claimed", coupon: expect.stringMatching(/^FRIEND-/) });
    expect(await look(token())).toEqual({ code, open: false, minimumSpend: null });
    expect(await presses(token())).toEqual({ state: "expired" });
  });

  it("asks again where they left their details, and sees the coupon that they have by another link", async () => {
    await claims();
    const first = token();
    test.pass(4 * 86_400_000);
    expect(await look(first)).toEqual({ code, open: false, minimumSpend: null });
    expect(await presses(first)).toEqual({ state: "expired" });
    expect(await claims()).toEqual({ state: "verify" });
    expect(await look(first)).toBeNull();
    const claimed = await presses(token());
    expect(claimed).toMatchObject({ state: "claimed" });
    // Anybody could have typed that address.
    expect(await claims()).toEqual({ state: "verify" });
    expect(await presses(token())).toEqual(claimed);
    expect(await presses(token())).toEqual({ state: "expired" });
  });

  it("presses by a request once", async () => {
    await claims();
    await presses("nothing", "one");
    expect(await presses(token(), "one")).toBe("replayed");
    expect(await look(token())).toEqual({ code, open: true, minimumSpend: null });
  });

  it("finds nothing by a link of another shop", async () => {
    await claims();
    const elsewhere = await shopWithProgram();
    const foreign = token();
    expect(await elsewhere.decide((ctx) => readProof(ctx, foreign))).toBeNull();
    expect(await elsewhere.decide((ctx) => prove(ctx, foreign, { signature: "one", at }))).toEqual({
      state: "expired",
    });
    expect(await look(foreign)).toEqual({ code, open: true, minimumSpend: null });
  });
});

describe("a customer who invites by e-mail", () => {
  beforeEach(() => open());

  it("tells both sides, once", async () => {
    expect(await invites(" Fern@Hollow.shop ")).toEqual({ state: "invited" });
    expect(await invites("fern@hollow.shop")).toEqual({ state: "refused", because: "already_referred" });
    expect(test.emitted.map(({ entry }) => entry)).toEqual(["sent.referrer", "invitation.recipient"]);
  });

  it.each([
    ["themselves", "ocean@grove.shop", "Ocean", "self_referral"],
    ["nobody", "fern", "Ocean", "bad_email"],
    ["without having joined", "fern@hollow.shop", "River", "not_joined"],
  ])("%s is told why not", async (_case, email, name, because) => {
    expect(await invites(email, undefined, name)).toEqual({ state: "refused", because });
    expect(await referrals()).toBe(0);
  });

  it("does so by a request once", async () => {
    await invites("fern@hollow.shop", "one");
    expect(await invites("river@hollow.shop", "one")).toBe("replayed");
    expect(await referrals()).toBe(1);
  });
});
