import { randomBytes } from "node:crypto";
import { createMerchant } from "#tests/demo/merchant.ts";
import type { CustomerPayload } from "#tests/simulator/client.ts";
import { createKlaviyoClient, type KlaviyoClient, type NewAccount } from "#tests/simulator/klaviyo/client.ts";
import type { Simulator } from "#tests/simulator/start.ts";

/** An app that runs somewhere, in this process or in its own, and the simulator that it meets. */
export type Place = { readonly url: string; readonly sim: Pick<Simulator, "client" | "urls"> };

type NewShop = Parameters<Simulator["client"]["createShop"]>[0];

/** A shop that has installed the app, sells a mug for 90.00 (or 9000 yen) and is connected to a Klaviyo of its own. */
export type Shop = {
  readonly handle: string;
  readonly domain: string;
  readonly account: NewAccount;
  readonly klaviyo: KlaviyoClient;
};

/** Somebody who shares. */
export type Referrer = { readonly customer: CustomerPayload; readonly email: string; readonly code: string };

/** Opens a shop through the doors that a merchant uses: the first page installs, the form of Integrations connects. */
export async function openShop({ url, sim }: Place, facts: NewShop): Promise<Shop> {
  const { handle } = facts;
  const klaviyo = createKlaviyoClient(sim.urls.klaviyo);
  const merchant = createMerchant(url, sim.client);
  await sim.client.createShop(facts);
  await sim.client.createProduct(handle, { title: "Mug", price: 9000 });
  await merchant.open(handle);
  const account = await klaviyo.createAccount({ organizationName: facts.name ?? handle, lists: ["Referrers"] });
  const { publicKey, privateKey } = account;
  const form = { intent: "connect", esp: "klaviyo", publicKey, privateKey };
  const answer = await merchant.submit(handle, "/app/integrations", form);
  if (!answer.ok) throw new Error(`connecting answered ${answer.status}: ${await answer.text()}`);
  return { handle, domain: `${handle}.myshopify.com`, account, klaviyo };
}

/** A customer signs in on the storefront and joins; afterwards the app still has to make the code work in Shopify. */
export async function joinAs({ sim }: Place, { handle }: Shop, firstName = "Ocean"): Promise<Referrer> {
  const email = `${firstName.toLowerCase()}@grove.shop`;
  const customer = await sim.client.createCustomer(handle, { firstName, lastName: "Grove", email });
  const join = { join: randomBytes(16).toString("base64url") };
  const call = { method: "POST", query: join, body: {}, customerId: customer.id };
  const answer = await sim.client.proxy(handle, call);
  const said: { code?: string } = JSON.parse(answer.body);
  if (!said.code) throw new Error(`joining answered ${answer.status}: ${answer.body}`);
  return { customer, email, code: said.code };
}

/** Somebody who never bought here. */
export function friend(firstName = "Fern") {
  return { email: `${firstName.toLowerCase()}@meadow.shop`, firstName, lastName: "Meadow" };
}
