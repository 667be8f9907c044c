import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeEach } from "vitest";
import type { Emission, Properties } from "#app/catalog/catalog.ts";
import { db, keyring, pool } from "#app/db.server.ts";
import { connectEsp } from "#app/delivery/connections.ts";
import type { DeliveryDeps } from "#app/delivery/deps.ts";
import { writeOutbox } from "#app/delivery/outbox.ts";
import { startDelivery } from "#app/delivery/worker.ts";
import { newId } from "#app/lib/ids.ts";
import { log } from "#app/log.server.ts";
import type { LaneRunner } from "#app/queue/lanes.ts";
import { makeShop, type TestShop } from "#tests/context.ts";
import { emptyTables } from "#tests/database.ts";
import { createKlaviyoClient, type KlaviyoClient, type NewAccount } from "#tests/simulator/klaviyo/client.ts";
import { createKlaviyo } from "#tests/simulator/klaviyo/index.ts";

/** The business time of these tests: far from real time, which only leases, pace and retries follow. */
export const NOW = new Date("2026-11-05T10:00:00.000Z");

export type Standin = { readonly url: string; readonly sim: KlaviyoClient; readonly close: () => Promise<void> };

/** Starts a Klaviyo of one's own on a free port. */
async function startKlaviyo(): Promise<Standin> {
  const server = http.createServer(createKlaviyo({ now: () => NOW }).listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url, sim: createKlaviyoClient(url), close };
}

/** For a test file: a Klaviyo of its own, and what delivers to it; everything is empty again before each test. */
export async function openKlaviyo(): Promise<{ readonly klaviyo: Standin; readonly deps: DeliveryDeps }> {
  const klaviyo = await startKlaviyo();
  afterAll(() => klaviyo.close());
  beforeEach(async () => {
    await emptyTables();
    await klaviyo.sim.reset();
  });
  return { klaviyo, deps: { db, pool, now: () => NOW, log, keyring, baseUrls: { klaviyo: klaviyo.url } } };
}

/** For a test file: a worker that delivers during each test; `restart` starts another one where a test has stopped it. */
export function workerForEachTest(deps: DeliveryDeps): LaneRunner & { restart(): void } {
  let worker: LaneRunner;
  const restart = () => {
    worker = startDelivery(deps);
  };
  beforeEach(restart);
  afterEach(() => worker.stop());
  return { restart, poke: () => worker.poke(), drain: () => worker.drain(), stop: () => worker.stop() };
}

/** A shop that is connected to a Klaviyo account of its own. */
export type ConnectedShop = {
  readonly shopId: string;
  readonly account: NewAccount;
  /** Somebody of the shop; gives their id. */
  person(name: string, facts?: { email?: string | null; phone?: string | null }): Promise<string>;
  /** Runs a decision of the domain; what it tells goes nowhere. */
  readonly decide: TestShop["decide"];
  /** Tells as a decision would, in one transaction. */
  tell(...emissions: Emission[]): Promise<void>;
};

/** @param shared an account that another shop has too; default one of its own */
export async function connectedShop(
  deps: DeliveryDeps,
  sim: KlaviyoClient,
  name = "Juniper",
  shared?: NewAccount,
): Promise<ConnectedShop> {
  const { shop, decide } = await makeShop({ name });
  const account = shared ?? (await sim.createAccount({ organizationName: name }));
  const { publicKey, privateKey } = account;
  const result = await connectEsp(deps, { shopId: shop.id, esp: "klaviyo", credentials: { publicKey, privateKey } });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return {
    shopId: shop.id,
    account,
    decide,
    async person(firstName, { email = `${firstName.toLowerCase()}@grove.shop`, phone = null } = {}) {
      const id = newId("per", NOW);
      await db.person.create({ data: { shopId: shop.id, id, email, phone, firstName, createdAt: NOW } });
      return id;
    },
    tell: (...emissions) => db.$transaction((tx) => writeOutbox(tx, shop.id, NOW, emissions)),
  };
}

/** A referrer's properties after so many successes. */
function propertiesOf(count: number): Properties {
  return {
    "Passalong Referral Shareable Link": "https://juniper.shop/apps/passalong/OCEAN7QK",
    "Passalong Number of Successful Referrals": count,
    "Passalong Total Successful Referral Revenue": count * 90,
    "Passalong Referral Code": "OCEAN7QK",
    "Passalong Given Name": "Ocean",
    "Passalong Family Name": "Grove",
    ...(count > 0 && { "Passalong Latest Successful Referral Date": NOW.toISOString() }),
  };
}

/** The referrer's coupon after that success. */
export function couponOf(personId: string, count: number, cause = `${personId} ${count}`): Emission {
  return {
    entry: "received-coupon.referrer",
    personId,
    cause,
    payload: {
      "Coupon Code": `THANKS-${count}`,
      "Coupon Description": "10% off your next order",
      "Date Received": NOW.toISOString(),
    },
    properties: propertiesOf(count),
  };
}

/** The referrer's properties alone. */
export function statisticsOf(personId: string, count: number, cause = `${personId} ${count}`): Emission {
  return { entry: "properties.referrer", personId, cause, properties: propertiesOf(count) };
}
