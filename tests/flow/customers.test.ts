import { describe, expect, test, vi } from "vitest";
import { db } from "#app/db.server.ts";
import { openApp } from "#tests/app.ts";
import { nonce } from "#tests/proxy-query.ts";
import { DAY, openStory } from "./story.ts";

/** A story is several rounds of webhooks, jobs and deliveries. */
vi.setConfig({ testTimeout: 180_000 });

const app = await openApp();

describe("customers", () => {
  test("who are merged are one person with both histories, and both codes go on working", async () => {
    const story = await openStory(app, "merge");
    const { client } = app.sim;
    const ocean = await story.joins("Ocean");
    const river = await story.joins("River");
    await story.buys("Fern", { discountCode: ocean.code });
    await story.pass(DAY);
    await story.buys("Moss", { discountCode: river.code });
    const [, newest] = await story.referrals();

    await client.mergeCustomer(story.handle, ocean.customer.id, river.customer.id);
    await app.drain();
    expect(await story.referrers()).toMatchObject([
      { code: river.code, formerCodes: [ocean.code], successfulCount: 2, latestSuccessAt: newest?.approvedAt },
    ]);
    await story.buys("Reed", { attributes: { _passalong: ocean.code } });
    expect(await story.referrers()).toMatchObject([{ successfulCount: 3 }]);
    const profile = await story.klaviyo.profile(story.account.id, "river@grove.shop");
    expect(profile?.properties).toMatchObject({ "Passalong Number of Successful Referrals": 3 });
  });

  test("who share are known to Klaviyo under each address that they come to have, by a change or by a merge", async () => {
    const story = await openStory(app, "moved");
    const { client } = app.sim;
    const { customer, code } = await story.joins("Ocean");
    await story.buys("Fern", { discountCode: code });
    const shown = async (email: string) => (await story.klaviyo.profile(story.account.id, email))?.properties;
    const properties = { "Passalong Referral Code": code, "Passalong Number of Successful Referrals": 1 };

    await client.updateCustomer(story.handle, customer.id, { email: "ocean@lake.shop" });
    await app.drain();
    expect(await shown("ocean@lake.shop")).toMatchObject(properties);

    const twin = await client.createCustomer(story.handle, { email: "twin@lake.shop" });
    await client.mergeCustomer(story.handle, customer.id, twin.id);
    await app.drain();
    expect(await shown("twin@lake.shop")).toMatchObject(properties);
  });

  test("a merge that Shopify did not make, or not here, changes nothing", async () => {
    const story = await openStory(app, "unmerged");
    const ocean = await story.joins("Ocean");
    const river = await story.joins("River");
    await app.sim.client.sendRawWebhook({
      path: "/webhooks",
      shop: story.handle,
      topic: "customers/merge",
      body: {
        admin_graphql_api_customer_kept_id: river.customer.admin_graphql_api_id,
        admin_graphql_api_customer_deleted_id: ocean.customer.admin_graphql_api_id,
        status: "failed",
      },
    });
    await app.drain();
    expect(await story.referrers()).toHaveLength(2);
  });

  test("who is deleted is no customer any more and keeps what they earned, also when a merge deleted them", async () => {
    const story = await openStory(app, "delete");
    const { client } = app.sim;
    const { customer, code } = await story.joins("Ocean");
    await story.buys("Fern", { discountCode: code });
    await client.deleteCustomer(story.handle, customer.id);
    await app.drain();
    const { shopId } = story;
    expect(await db.person.findFirst({ where: { shopId, email: "ocean@grove.shop" } })).toMatchObject({ gid: null });
    expect(await story.referrers()).toMatchObject([{ successfulCount: 1 }]);

    await client.setWebhookMode({ hold: true });
    const fern = (await client.customers(story.handle)).find(({ email }) => email === "fern@grove.shop");
    const twin = await client.createCustomer(story.handle, { email: "twin@grove.shop" });
    await client.mergeCustomer(story.handle, fern?.id ?? 0, twin.id);
    await client.setWebhookMode({ hold: false });
    await client.sendRawWebhook({
      path: "/webhooks",
      shop: story.handle,
      topic: "customers/delete",
      body: { admin_graphql_api_id: fern?.admin_graphql_api_id },
    });
    await app.drain();
    await client.releaseWebhooks();
    await app.drain();
    const { email, gid } = await db.person.findFirstOrThrow({ where: { shopId, received: { some: {} } } });
    expect({ email, gid }).toEqual({ email: "twin@grove.shop", gid: twin.admin_graphql_api_id });
  });

  test("who orders with another address is told things at their own all the same", async () => {
    const story = await openStory(app, "gift");
    const { customer, code } = await story.joins("Ocean");
    await story.buys("Ocean", { customerId: customer.id, email: "gift@meadow.shop", attributes: { _passalong: code } });
    await story.buys("Fern", { discountCode: code });
    const told = await story.klaviyo.events(story.account.id, { email: "ocean@grove.shop" });
    expect(told.map(({ metric }) => metric)).toContain("Received Passalong Referral Coupon");
    const addresses = (await story.klaviyo.profiles(story.account.id)).map(({ email }) => email);
    expect(addresses.toSorted()).toEqual(["fern@grove.shop", "ocean@grove.shop"]);
  });

  test("who subscribes or unsubscribes in Shopify has said so here too", async () => {
    const story = await openStory(app, "consent");
    const { customer } = await story.joins("Ocean");
    for (const marketingState of ["SUBSCRIBED", "UNSUBSCRIBED"] as const) {
      await app.sim.client.updateCustomer(story.handle, customer.id, { marketingState });
      await app.drain();
    }
    await app.sim.client.createCustomer(story.handle, { email: "stranger@grove.shop", marketingState: "SUBSCRIBED" });
    await app.drain();
    const records = await db.consentRecord.findMany({ where: { shopId: story.shopId }, orderBy: { id: "asc" } });
    expect(records.map(({ state, source, channel }) => `${channel} ${state} (${source})`)).toEqual([
      "email subscribed (shopify)",
      "email unsubscribed (shopify)",
    ]);
  });

  test("whoever agreed in the shop before they joined is subscribed to the referrers' list", async () => {
    const story = await openStory(app, "agreed");
    const { shopId, handle } = story;
    const { client } = app.sim;
    const [list] = await story.klaviyo.lists(story.account.id);
    const referrers = { mode: "subscribe", listId: list?.id };
    const connection = await db.connection.findFirstOrThrow({ where: { shopId } });
    await db.connection.update({
      where: { shopId_id: { shopId, id: connection.id } },
      data: { settings: { lists: { referrers } } },
    });
    const ocean = await client.createCustomer(handle, { email: "ocean@grove.shop", marketingState: "SUBSCRIBED" });
    await story.pass(DAY);
    const wish = { customerId: ocean.id, method: "POST", query: { join: nonce() }, body: {} } as const;
    expect(await client.proxy(handle, wish)).toMatchObject({ status: 200 });
    await app.drain();
    expect(await db.consentRecord.findMany({ where: { shopId } })).toMatchObject([
      { state: "subscribed", source: "shopify", text: null, at: new Date(ocean.created_at) },
    ]);
    const profile = await story.klaviyo.profile(story.account.id, "ocean@grove.shop");
    // The list is a double opt-in one: Klaviyo asks whoever is subscribed, and nobody who is only added.
    expect(profile).toMatchObject({ awaitingConfirmation: [list?.id] });
  });

  test("a customer's update tells what they agreed to before we knew them, once", async () => {
    const story = await openStory(app, "updated");
    const { shopId, handle } = story;
    const fern = await app.sim.client.createCustomer(handle, {
      email: "fern@grove.shop",
      marketingState: "SUBSCRIBED",
    });
    await story.buys("Fern", { discountCode: (await story.joins("Ocean")).code });
    for (const lastName of ["Moor", "Fell"]) {
      await app.sim.client.updateCustomer(handle, fern.id, { lastName, address: { city: "Galena", zip: "61036" } });
      await app.drain();
    }
    expect(await db.person.findFirst({ where: { shopId, email: "fern@grove.shop" } })).toMatchObject({
      lastName: "Fell",
      city: "Galena",
      region: "Illinois",
      country: "United States",
      zip: "61036",
    });
    const records = await db.consentRecord.findMany({ where: { shopId }, include: { person: true } });
    expect(records.map(({ person, state }) => `${person.email} ${state}`)).toEqual(["fern@grove.shop subscribed"]);
  });
});

test("a shop that changes its name and domain is known by them", async () => {
  const { shopId, handle } = await openStory(app, "renamed");
  await app.sim.client.updateShop(handle, { name: "Juniper & Daughters", primaryDomainUrl: "https://juniper.shop" });
  await app.drain();
  expect(await db.shop.findUnique({ where: { id: shopId } })).toMatchObject({
    name: "Juniper & Daughters",
    primaryDomainUrl: "https://juniper.shop",
    currency: "USD",
  });
});
