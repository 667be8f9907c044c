import { beforeAll, describe, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import { defaultTerms } from "#app/domain/referrals/terms.ts";
import routes from "#app/routes.ts";
import { openApp } from "#tests/app.ts";
import { createMerchant, type Merchant } from "#tests/demo/merchant.ts";
import { friend, joinAs, openShop, type Shop } from "./world.ts";

const app = await openApp();
let merchant: Merchant;
let juniper: Shop;
let cedar: Shop;
/** Of somebody who shares at Juniper. */
let code: string;

beforeAll(async () => {
  merchant = createMerchant(app.url, app.sim.client);
  juniper = await openShop(app, { handle: "juniper", name: "Juniper", timezone: "Asia/Tokyo" });
  cedar = await openShop(app, { handle: "cedar", name: "Cedar" });
  ({ code } = await joinAs(app, juniper));
  await app.drain();
  await app.sim.client.placeOrder(juniper.handle, { ...friend(), attributes: { _passalong: code } });
  await app.drain();
});

/** The addresses of the merchant's pages; `:id` stands for something of a shop. */
const pages = routes
  .flatMap(({ path, children = [] }) => (path === "app" ? children : []))
  .map(({ path = "" }) => `/app/${path}`.replace(/\/$/, ""));

async function shopIdOf({ domain }: Shop): Promise<string> {
  return (await db.shop.findUniqueOrThrow({ where: { domain } })).id;
}

async function aDeliveryOf(shop: Shop) {
  return db.delivery.findFirstOrThrow({ where: { shopId: await shopIdOf(shop), kind: "event" } });
}

async function aReferralOf(shop: Shop) {
  return db.referral.findFirstOrThrow({ where: { shopId: await shopIdOf(shop) } });
}

async function connectionOf(shop: Shop) {
  const shopId_esp = { shopId: await shopIdOf(shop), esp: "klaviyo" };
  return db.connection.findUniqueOrThrow({ where: { shopId_esp } });
}

describe("the pages", () => {
  it("show the shop's own referrals and deliveries, and the four numbers", async () => {
    const home = await (await app.open(juniper.handle, "/app")).text();
    expect(home).toContain("$90.00");
    const referrals = await (await app.open(juniper.handle, "/app/referrals")).text();
    expect(referrals).toContain("fern@meadow.shop");
    expect(referrals).toContain("Paid after using the referrer&#x27;s link");
    const { id } = await aDeliveryOf(juniper);
    const delivery = await (await app.open(juniper.handle, `/app/deliveries/${id}`)).text();
    expect(delivery).toContain(`${app.sim.urls.klaviyo}/api/events`);
    expect(delivery).not.toContain(juniper.account.privateKey);
  });

  it.each(pages.filter((path) => path.includes(":")))(
    "%s of another shop is not there, and tells nothing",
    async (path) => {
      const { id } = path.includes("referrals") ? await aReferralOf(juniper) : await aDeliveryOf(juniper);
      const answer = await app.open(cedar.handle, path.replace(":id", id));
      expect(answer.status).toBe(404);
      expect(await answer.text()).not.toMatch(/ocean|grove|fern|meadow/i);
    },
  );

  // The reference of events is the same for every shop, and its examples have the names that we look for.
  it.each(pages.filter((path) => !/[:*]/.test(path) && path !== "/app/events"))(
    "%s shows another shop nothing",
    async (path) => {
      const answer = await app.open(cedar.handle, path);
      expect(answer.status).toBe(200);
      expect(await answer.text()).not.toMatch(/ocean|grove|fern|meadow/i);
    },
  );

  it("that there are none answer 404 with a calm page", async () => {
    const answer = await app.open(juniper.handle, "/app/nowhere");
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain("There is nothing here");
  });

  it.each(pages)("%s is nobody's without a sign-in", async (path) => {
    const answer = await fetch(`${app.url}${path}.data`, { redirect: "manual" });
    expect(await answer.text()).not.toMatch(/ocean|grove|fern|meadow|pk_/i);
    expect(answer.status).not.toBe(200);
  });
});

describe("the form of Integrations", () => {
  const submit = (form: Record<string, string>) => merchant.submit(cedar.handle, "/app/integrations", form);

  it("names the field that is wrong, and saves nothing", async () => {
    const before = await connectionOf(cedar);
    const form = {
      intent: "connect",
      esp: "klaviyo",
      publicKey: cedar.account.publicKey,
      privateKey: `pk_${"0".repeat(34)}`,
    };
    const answer = await submit(form);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain("key_refused");
    expect(await connectionOf(cedar)).toEqual(before);
  });

  it("refuses what is no form of the page", async () => {
    const before = await connectionOf(cedar);
    for (const form of [{}, { intent: "drop", esp: "klaviyo" }, { intent: "disconnect", esp: "toString" }]) {
      expect((await submit(form as Record<string, string>)).status).toBe(400);
    }
    expect(await connectionOf(cedar)).toEqual(before);
  });

  it("turns off, on, and disconnects", async () => {
    const states = [];
    for (const intent of ["disable", "enable", "disconnect"]) {
      expect((await submit({ intent, esp: "klaviyo" })).status).toBe(200);
      states.push((await connectionOf(cedar)).state);
    }
    expect(states).toEqual(["disabled", "connected", "disconnected"]);
    expect((await connectionOf(cedar)).credentials).toBeNull();
  });
});

describe("a rejection that cannot be taken back", () => {
  it("stands, and the page says why", async () => {
    const shopId = await shopIdOf(juniper);
    await db.programVersion.updateMany({ where: { shopId }, data: { terms: { ...defaultTerms, holdDays: 14 } } });
    const order = { ...friend("Moss"), attributes: { _passalong: code } };
    const placed = await app.sim.client.placeOrder(juniper.handle, order);
    await app.drain();
    const { id } = await db.referral.findFirstOrThrow({ where: { shopId, state: "purchased" } });
    const judge = (form: Record<string, string>) => merchant.submit(juniper.handle, "/app/referrals", { id, ...form });
    expect((await judge({ intent: "reject", reason: "They live together", notify: "no" })).status).toBe(200);

    await app.sim.client.refundOrder(juniper.handle, placed.id);
    await app.drain();
    const answer = await judge({ intent: "overrule" });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("order_fell");
    expect(await db.referral.findFirst({ where: { shopId, id } })).toMatchObject({ state: "rejected" });
  });
});

describe("several referrals that are approved while Shopify does not answer for one", () => {
  it("are approved but for that one, which says so", async () => {
    const shopId = await shopIdOf(juniper);
    await db.programVersion.updateMany({ where: { shopId }, data: { terms: { ...defaultTerms, holdDays: 14 } } });
    for (const name of ["Heath", "Sage"])
      await app.sim.client.placeOrder(juniper.handle, { ...friend(name), attributes: { _passalong: code } });
    await app.drain();
    const ids = (await db.referral.findMany({ where: { shopId, state: "purchased" } })).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    const approve = async () => {
      const form = [["intent", "approve"], ...ids.map((id) => ["id", id])] as [string, string][];
      const answer = await merchant.submit(juniper.handle, "/app/referrals", form);
      return { status: answer.status, said: await answer.text() };
    };
    const states = async () =>
      (await db.referral.findMany({ where: { shopId, id: { in: ids } } })).map(({ state }) => state);

    await app.sim.client.setAdminApiMode({ fail: { status: 503, times: 1, operationName: "Order" } });
    const { status, said } = await approve();
    expect(status).toBe(200);
    expect(said).toContain("shopify_unavailable");
    expect((await states()).sort()).toEqual(["approved", "purchased"]);

    expect((await approve()).said).not.toContain("shopify_unavailable");
    expect(await states()).toEqual(["approved", "approved"]);
  });
});
