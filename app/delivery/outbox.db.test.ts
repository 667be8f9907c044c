import { beforeEach, describe, expect, test } from "vitest";
import { db, pool } from "#app/db.server.ts";
import { newId } from "#app/lib/ids.ts";
import { makeShop, type TestShop } from "#tests/context.ts";
import { emptyTables } from "#tests/database.ts";
import { couponOf, NOW, statisticsOf } from "#tests/delivery.ts";
import { writeOutbox } from "./outbox.ts";

let shop: TestShop["shop"];

beforeEach(async () => {
  await emptyTables();
  ({ shop } = await makeShop({ locale: "fr" }));
});

async function person(locale: string | null = null): Promise<string> {
  const id = newId("per", NOW);
  await db.person.create({ data: { shopId: shop.id, id, email: `${id}@grove.shop`, locale, createdAt: NOW } });
  return id;
}

async function connection(state: string, esp = "klaviyo"): Promise<string> {
  const id = newId("con", NOW);
  const row = { shopId: shop.id, id, esp, state, settings: {}, connectedAt: NOW, updatedAt: NOW };
  await db.connection.create({ data: row });
  return id;
}

const tell = (...emissions: Parameters<typeof writeOutbox>[3]) =>
  db.$transaction((tx) => writeOutbox(tx, shop.id, NOW, emissions));

const deliveries = () => db.delivery.findMany({ where: { shopId: shop.id }, orderBy: { seq: "asc" } });

test("an event is kept in canonical names, with the role and the locale", async () => {
  const ocean = await person("ja");
  await tell(couponOf(ocean, 1));
  expect(await db.outboxEvent.findMany({ where: { shopId: shop.id } })).toMatchObject([
    {
      personId: ocean,
      kind: "event",
      entry: "received-coupon.referrer",
      occurredAt: NOW,
      payload: { "Coupon Code": "THANKS-1", Locale: "ja", "Customer Role": "referrer" },
      properties: { "Passalong Number of Successful Referrals": 1 },
    },
  ]);
});

test("a person whose locale is not known has the shop's", async () => {
  await tell(couponOf(await person(), 1));
  const [event] = await db.outboxEvent.findMany({ where: { shopId: shop.id } });
  expect(event?.payload).toMatchObject({ Locale: "fr" });
});

test("the same cause and entry are told once, in one transaction and in two", async () => {
  await connection("connected");
  const ocean = await person();
  await tell(couponOf(ocean, 1, "cause"), couponOf(ocean, 1, "cause"), statisticsOf(ocean, 1, "cause"));
  await tell(couponOf(ocean, 1, "cause"));
  expect(await db.outboxEvent.count({ where: { shopId: shop.id } })).toBe(2);
  expect(await deliveries()).toHaveLength(2);
});

test("what the catalogue does not know is a mistake, and nothing is written", async () => {
  const wrong = { ...couponOf(await person(), 1), payload: { "Coupon Code": 5 } };
  await expect(tell(wrong as Parameters<typeof writeOutbox>[3][number])).rejects.toThrow(/Coupon Code/);
  expect(await db.outboxEvent.count({ where: { shopId: shop.id } })).toBe(0);
});

test.each([
  ["connected", 1],
  ["paused", 1],
  ["disabled", 0],
  ["disconnected", 0],
])("a connection that is %s gets %i deliveries", async (state, count) => {
  const id = await connection(state);
  await tell(couponOf(await person(), 1));
  expect(await deliveries()).toHaveLength(count);
  expect(await db.lane.findMany()).toMatchObject(count ? [{ id, kind: "delivery", readyAt: expect.any(Date) }] : []);
});

test("a shop with nobody connected keeps the event for later", async () => {
  await tell(couponOf(await person(), 1));
  expect(await db.outboxEvent.count({ where: { shopId: shop.id } })).toBe(1);
});

describe("the order of one person", () => {
  test("is that of the emissions", async () => {
    await connection("connected");
    const ocean = await person();
    await tell(statisticsOf(ocean, 1), couponOf(ocean, 1), statisticsOf(ocean, 2));
    expect((await deliveries()).map(({ kind }) => kind)).toEqual(["profile", "event", "profile"]);
  });

  test("is kept behind a delivery that waits for its next try; others do not wait", async () => {
    await connection("connected");
    const ocean = await person();
    const fern = await person();
    await tell(couponOf(ocean, 1));
    await pool.query(`UPDATE "Delivery" SET "readyAt" = now() + interval '1 hour'`);
    await tell(couponOf(ocean, 2), couponOf(fern, 1));
    const [first, second, other] = await deliveries();
    expect(second?.readyAt).toEqual(first?.readyAt);
    expect(other?.readyAt.getTime()).toBeLessThanOrEqual(Date.now() + 1);
  });
});

test("decisions that tell the same connections at the same time do not wait for each other for ever", async () => {
  await connection("connected", "klaviyo");
  await connection("connected", "iterable");
  const people = await Promise.all(Array.from({ length: 8 }, () => person()));
  await Promise.all(people.map((id) => tell(couponOf(id, 1))));
  expect(await deliveries()).toHaveLength(16);
});
