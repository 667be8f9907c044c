import { beforeEach, describe, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import { knowPerson } from "#app/domain/people/know-person.ts";
import { buyer } from "#tests/builders.ts";
import { type ReferralScene, referralScene } from "#tests/referral-scene.ts";
import { inviteRecipient } from "./invite-recipient.ts";

describe("somebody whose address changed", () => {
  let scene: ReferralScene;

  beforeEach(async () => {
    scene = await referralScene();
  });

  const renames = (name: string) =>
    scene.decide((ctx) => knowPerson(ctx, buyer(name, { email: `${name.toLowerCase()}@meadow.shop` })));
  const guest = (name: string) => buyer(name, { gid: null });

  it("is no friend of their own under the address of before, with whatever customer id", async () => {
    await renames("Ocean");
    const discountCodes = [{ code: scene.code, amount: 900n }];
    const refused = { kind: "refused", because: "self_referral" };
    expect(await scene.buys({ discountCodes, buyer: guest("Ocean") })).toEqual(refused);
    const gid = "gid://shopify/Order/1002";
    expect(
      await scene.buys({ gid, discountCodes, buyer: buyer("Ocean", { gid: "gid://shopify/Customer/2" }) }),
    ).toEqual(refused);
    expect(await scene.claim("Ocean")).toEqual(refused);
    expect(await scene.decide((ctx) => inviteRecipient(ctx, buyer("Ocean").gid ?? "", "ocean@grove.shop"))).toEqual(
      refused,
    );
  });

  it("claims again with the address of before and is shown the coupon that they have", async () => {
    const first = await scene.claim();
    await scene.decide((ctx) => knowPerson(ctx, buyer("Fern")));
    await renames("Fern");
    expect(await scene.claim()).toEqual(first);
  });

  it("is told as a referrer under the new one, also where an order is the first to say so", async () => {
    const own = { email: "ocean@meadow.shop", phone: null };
    await scene.buys({ discountCodes: [{ code: scene.code, amount: 900n }], buyer: buyer("Ocean", { own }) });
    expect(scene.emitted).toMatchObject([
      { entry: "properties.referrer", properties: { "Passalong Referral Code": scene.code } },
    ]);
  });

  it("gets their mails where they want them, and keeps their name, whatever a guest or a form says", async () => {
    await renames("Ocean");
    const ocean = () => db.person.findFirstOrThrow({ where: { shopId: scene.shopId, gid: buyer("Ocean").gid } });
    await scene.buys({ discountCodes: [{ code: scene.code, amount: 900n }], buyer: guest("Ocean") });
    expect(await ocean()).toMatchObject({ email: "ocean@meadow.shop" });
    const claimed = { ...guest("Ocean"), email: "ocean@meadow.shop", firstName: "Prize", phone: "+15550100" };
    await scene.decide((ctx) => knowPerson(ctx, claimed));
    expect(await ocean()).toMatchObject({ firstName: "Ocean", phone: "+15550100" });
  });
});

it("whoever bought as a friend before may be invited again where every order counts", async () => {
  const scene = await referralScene({ firstOrderOnly: false });
  await scene.buys({ discountCodes: [{ code: scene.code, amount: 900n }], buyer: buyer("Fern", { gid: null }) });
  const invited = await scene.decide((ctx) => inviteRecipient(ctx, buyer("Ocean").gid ?? "", "fern@grove.shop"));
  expect(invited).toMatchObject({ kind: "invited" });
});

it("a friend who pays with a code that was the referrer's before is told as one who redeemed it", async () => {
  const scene = await referralScene();
  const { id } = await scene.referrer();
  await db.referrer.update({
    where: { shopId_id: { shopId: scene.shopId, id } },
    data: { formerCodes: ["OLDCODE"] },
  });
  await scene.buys({ discountCodes: [{ code: "OLDCODE", amount: 900n }] });
  expect(scene.emitted).toMatchObject([
    { entry: "redeemed-coupon.recipient", payload: { "Coupon Code": "OLDCODE" } },
    { entry: "properties.referrer" },
  ]);
});
