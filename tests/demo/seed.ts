import { setTimeout as sleep } from "node:timers/promises";
import type { ControlClient, CustomerPayload, OrderPayload, Product } from "#tests/simulator/client.ts";
import type { KlaviyoClient } from "#tests/simulator/klaviyo/client.ts";
import type { Merchant } from "./merchant.ts";
import { orders, people, products, returningCustomer } from "./story.ts";

export const SHOP = "juniper";

const DAY = 86_400_000;
/** How long one thing may take to arrive where it should. */
const PATIENCE_MS = 30_000;

type World = {
  readonly shopify: ControlClient;
  readonly klaviyo: KlaviyoClient;
  readonly merchant: Merchant;
};

/**
 * Fills the demo through the doors that life uses: the merchant's pages, the storefront's proxy, checkouts and their
 * webhooks, with the clock set back. Nothing is written into the app's tables from outside.
 */
export async function seed(world: World): Promise<void> {
  const { shopify, merchant } = world;
  const today = Date.now();
  const at = (daysAgo: number, hour = 10) =>
    shopify.setClock({ now: new Date(today - daysAgo * DAY + (hour - 10) * 3_600_000).toISOString() });

  await at(95);
  await shopify.createShop({ handle: SHOP, name: "Juniper & Co", currency: "USD", primaryDomainUrl: "storefront" });
  const goods: Product[] = [];
  for (const product of products) goods.push(await shopify.createProduct(SHOP, product));
  const returning = await shopify.createCustomer(SHOP, returningCustomer);
  await shopify.placeOrder(SHOP, { customerId: returning.id, lines: linesOf(goods, 1), paid: true });

  await at(90);
  await merchant.open(SHOP);
  await shopify.setBlockSettings(SHOP, { invite: true });
  const account = await connectKlaviyo(world);

  const codes = new Map<string, string>();
  for (const { daysAgo, ...person } of people) {
    await at(daysAgo);
    const code = await join(shopify, await shopify.createCustomer(SHOP, person));
    codes.set(person.firstName, code);
    // Before the clock moves on: the discount of all their codes begins when the first of them is made.
    await until(`${person.firstName}'s code works`, async () => {
      const discounts = await shopify.discounts(SHOP);
      return discounts.some(({ codes }) => codes.some((live) => live.code === code));
    });
  }

  for (const story of orders) {
    await at(story.daysAgo, story.hour);
    const code = codes.get(story.by) ?? "";
    const rewarded = await countReceived(world, account);
    const friend = story.friend === returningCustomer.firstName ? { customerId: returning.id } : friendOf(story.friend);
    const order = await shopify.placeOrder(SHOP, {
      ...friend,
      lines: linesOf(goods, story.items),
      ...(story.through === "code" ? { discountCode: code } : { attributes: { _passalong: code } }),
      paid: true,
    });
    await settled(world);
    if (story.counts) {
      await until("the referrer's coupon works", async () => (await countReceived(world, account)) > rewarded);
    }
    await followUp(world, at, story, order);
  }
  await shopify.setClock({ offsetMs: 0 });
  await settled(world);
}

async function connectKlaviyo({ klaviyo, merchant }: World): Promise<string> {
  const account = await klaviyo.createAccount({ organizationName: "Juniper & Co", currency: "USD" });
  const answer = await merchant.submit(SHOP, "/app/integrations", {
    intent: "connect",
    esp: "klaviyo",
    publicKey: account.publicKey,
    privateKey: account.privateKey,
  });
  if (!answer.ok) throw new Error(`connecting Klaviyo answered ${answer.status}: ${await answer.text()}`);
  return account.id;
}

/** A signed-in customer opens the page with the block. */
async function join(shopify: ControlClient, customer: CustomerPayload): Promise<string> {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64url");
  const answer = await shopify.proxy(SHOP, {
    method: "POST",
    query: { join: nonce },
    body: {},
    customerId: customer.id,
  });
  const said = JSON.parse(answer.body) as { state: string; code?: string };
  if (!said.code) throw new Error(`joining answered ${answer.status}: ${answer.body}`);
  return said.code;
}

async function followUp(
  world: World,
  at: (daysAgo: number) => Promise<unknown>,
  story: (typeof orders)[number],
  order: OrderPayload,
): Promise<void> {
  if (!story.later) return;
  await at(story.daysAgo - 2);
  if (story.later === "cancelled") await world.shopify.cancelOrder(SHOP, order.id);
  else await world.shopify.refundOrder(SHOP, order.id, { amount: story.later.refunded });
  await settled(world);
}

async function countReceived({ klaviyo }: World, account: string): Promise<number> {
  return (await klaviyo.events(account, { metric: "Received Passalong Referral Coupon" })).length;
}

/** Every webhook has arrived, and the app has done what follows from it. */
async function settled({ shopify, merchant }: World): Promise<void> {
  await shopify.webhooksIdle();
  await until("the app is idle", () => merchant.isIdle());
}

function friendOf(firstName: string) {
  return { email: `${firstName.toLowerCase()}@fernmail.shop`, firstName, lastName: "Friend" };
}

function linesOf(goods: readonly Product[], count: number) {
  return goods.slice(0, count).map(({ id }) => ({ productId: id, quantity: 1 }));
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Seeding waited too long until ${what}.`);
    await sleep(50);
  }
}
