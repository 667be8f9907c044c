import { describe, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import { recordCustomer } from "#app/domain/people/record-customer.ts";
import { buyer, customer } from "#tests/builders.ts";
import { makeShop } from "#tests/context.ts";
import { joinProgram, readShare } from "./join-program.ts";
import { ensureProgram } from "./program.ts";

async function juniper() {
  const shop = await makeShop();
  await shop.decide(ensureProgram);
  return shop;
}

describe("joining the program", () => {
  it("gives link and code, tells the ESPs once, and asks for the code as a discount", async () => {
    const shop = await juniper();
    const outcome = await shop.decide((ctx) => joinProgram(ctx, buyer("Ocean")));

    expect(outcome).toEqual({
      kind: "joined",
      code: expect.stringMatching(/^OCEAN[2-9A-Z]{5}$/),
      link: expect.stringMatching(/^https:\/\/juniper\.shop\/apps\/passalong\/OCEAN[2-9A-Z]{5}$/),
    });
    expect(shop.emitted).toEqual([
      expect.objectContaining({
        entry: "opted-in.referrer",
        payload: expect.objectContaining({
          "Referrer Name": "Ocean Grove",
          "Date Opted-In": "2026-11-05T10:00:00.000Z",
        }),
        properties: expect.objectContaining({ "Passalong Number of Successful Referrals": 0 }),
      }),
    ]);
    expect(shop.asked.at(-1)).toEqual({ kind: "issue-coupon", couponId: expect.any(String) });
  });

  it("twice keeps link and code and tells nobody again", async () => {
    const shop = await juniper();
    const first = await shop.decide((ctx) => joinProgram(ctx, buyer("Ocean")));
    const second = await shop.decide((ctx) => joinProgram(ctx, buyer("Ocean")));
    expect(second).toEqual({ ...first, kind: "already" });
    expect(shop.emitted).toHaveLength(1);
  });

  it("needs an address to tell the ESPs about", async () => {
    const shop = await juniper();
    const outcome = await shop.decide((ctx) => joinProgram(ctx, buyer("Ocean", { email: null })));
    expect(outcome).toEqual({ kind: "refused", because: "no_email" });
  });

  it("a shop without a program refuses", async () => {
    const shop = await makeShop();
    expect(await shop.decide((ctx) => joinProgram(ctx, buyer("Ocean")))).toMatchObject({ because: "no_program" });
  });

  it("only who joined has something to share", async () => {
    const shop = await juniper();
    await shop.decide((ctx) => joinProgram(ctx, buyer("Ocean")));
    expect(await shop.decide((ctx) => readShare(ctx, buyer("Ocean").gid ?? ""))).toMatchObject({
      code: expect.any(String),
    });
    expect(await shop.decide((ctx) => readShare(ctx, "gid://shopify/Customer/404"))).toBeNull();
  });
});

describe("what Shopify says of a customer", () => {
  it("a referrer's new name goes to the ESPs, the old address is remembered", async () => {
    const shop = await juniper();
    await shop.decide((ctx) => joinProgram(ctx, buyer("Ocean")));
    const renamed = customer("Ocean", { lastName: "Lake", email: "Ocean@Lake.shop" });
    expect(await shop.decide((ctx) => recordCustomer(ctx, renamed))).toBe("updated");

    expect(shop.emitted.at(-1)).toMatchObject({ properties: { "Passalong Family Name": "Lake" } });
    const person = await db.person.findFirstOrThrow({ where: { shopId: shop.shop.id }, include: { aliases: true } });
    expect(person).toMatchObject({ email: "ocean@lake.shop", aliases: [{ kind: "email", value: "ocean@grove.shop" }] });
  });

  it("a referrer's properties go to the ESPs under a new address, and again only where something changed", async () => {
    const shop = await juniper();
    const joined = await shop.decide((ctx) => joinProgram(ctx, buyer("Ocean")));
    shop.emitted.length = 0;
    const moved = { email: "ocean@lake.shop" };
    for (let times = 0; times < 2; times++)
      await shop.decide((ctx) => recordCustomer(ctx, customer("Ocean", { ...moved, phone: "+15550100" })));
    const properties = { "Passalong Referral Code": "code" in joined ? joined.code : "" };
    expect(shop.emitted).toMatchObject([{ entry: "properties.referrer", properties }]);
    await shop.decide((ctx) => joinProgram(ctx, buyer("Ocean")));
    expect(shop.emitted).toMatchObject([{ properties }, { entry: "properties.referrer", properties }]);
  });

  it("a guest who signs up is the same person", async () => {
    const shop = await juniper();
    await shop.decide((ctx) => joinProgram(ctx, buyer("Ocean", { gid: null })));
    await shop.decide((ctx) => recordCustomer(ctx, customer("Ocean")));
    const people = await db.person.findMany({ where: { shopId: shop.shop.id } });
    expect(people).toMatchObject([{ gid: buyer("Ocean").gid }]);
  });

  it("a stranger is not stored", async () => {
    const shop = await juniper();
    expect(await shop.decide((ctx) => recordCustomer(ctx, customer("Moss")))).toBe("unknown");
    expect(await db.person.count({ where: { shopId: shop.shop.id } })).toBe(0);
  });
});
