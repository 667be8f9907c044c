import { setTimeout as sleep } from "node:timers/promises";
import type { ControlClient, CustomerPayload, OrderPayload, Product } from "#tests/simulator/client.ts";
import type { KlaviyoClient } from "#tests/simulator/klaviyo/client.ts";
import type { Merchant } from "./merchant.ts";
import { claims, invitations, orders, people, products, returningCustomer } from "./story.ts";

export const SHOP = "juniper";

const DAY = 86_400_000;
/** How long one thing may take to arrive where it should. */
const PATIENCE_MS = 30_000;

/** Somebody who shares. */
type Referrer = { readonly customer: CustomerPayload; readonly code: string };

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

  const referrers = new Map<string, Referrer>();
  for (const { daysAgo, ...person } of people) {
    await at(daysAgo);
    const customer = await shopify.createCustomer(SHOP, person);
    const code = await join(shopify, customer);
    referrers.set(person.firstName, { customer, code });
    // Before the clock moves on: the discount of all their codes begins when the first of them is made.
    await until(`${person.firstName}'s code works`, async () => {
      const discounts = await shopify.discounts(SHOP);
      return discounts.some(({ codes }) => codes.some((live) => live.code === code));
    });
  }

  const referrer = (name: string) => {
    const found = referrers.get(name);
    if (!found) throw new Error(`nobody called ${name} has joined`);
    return found;
  };

  for (const story of orders) {
    const { code, customer } = referrer(story.by);
    const rewards = () => countReceived(world, account, customer.email ?? "");
    let discountCode = code;
    if (story.through === "coupon") {
      await at(story.daysAgo + 1, story.hour);
      discountCode = await claim(shopify, code, friendOf(story.friend));
    }
    await at(story.daysAgo, story.hour);
    const rewarded = await rewards();
    const friend = story.friend === returningCustomer.firstName ? { customerId: returning.id } : friendOf(story.friend);
    const order = await shopify.placeOrder(SHOP, {
      ...friend,
      lines: linesOf(goods, story.items),
      ...(story.through === "attribute" ? { attributes: { _passalong: code } } : { discountCode }),
      paid: true,
    });
    await settled(world);
    if (story.counts) {
      await until("the referrer's coupon works", async () => (await rewards()) > rewarded);
    }
    await followUp(world, at, story, order);
  }
  for (const { daysAgo, by, friend } of claims) {
    await at(daysAgo);
    await claim(shopify, referrer(by).code, friendOf(friend));
  }
  for (const { daysAgo, by, friend } of invitations) {
    await at(daysAgo);
    await ask(
      shopify,
      { invite: nonce() },
      { email: friendOf(friend).email },
      { customerId: referrer(by).customer.id },
    );
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
async function join(shopify: ControlClient, { id }: CustomerPayload): Promise<string> {
  return (await ask(shopify, { join: nonce() }, {}, { customerId: id })).code ?? "";
}

/** A friend leaves their details on the page of a link, and is shown a coupon. */
async function claim(shopify: ControlClient, code: string, friend: Friend): Promise<string> {
  return (await ask(shopify, { claim: nonce() }, { ...friend, locale: "en" }, { path: `/${code}` })).coupon ?? "";
}

/** What a script of the storefront asks through the app proxy. */
async function ask(
  shopify: ControlClient,
  query: Record<string, string>,
  body: object,
  call: { readonly path?: string; readonly customerId?: number },
): Promise<{ state: string; code?: string; coupon?: string }> {
  const answer = await shopify.proxy(SHOP, { method: "POST", query, body, ...call });
  const said = JSON.parse(answer.body);
  if (!["joined", "claimed", "invited"].includes(said.state)) {
    throw new Error(`${JSON.stringify(query)} answered ${answer.status}: ${answer.body}`);
  }
  return said;
}

function nonce(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64url");
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

async function countReceived({ klaviyo }: World, account: string, email: string): Promise<number> {
  return (await klaviyo.events(account, { metric: "Received Passalong Referral Coupon", email })).length;
}

/** Every webhook has arrived, and the app has done what follows from it. */
async function settled({ shopify, merchant }: World): Promise<void> {
  await shopify.webhooksIdle();
  await until("the app is idle", () => merchant.isIdle());
}

type Friend = ReturnType<typeof friendOf>;

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
