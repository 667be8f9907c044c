import { beforeEach, describe, expect, test } from "vitest";
import { db } from "#app/db.server.ts";
import { makeShop } from "#tests/context.ts";
import { type ConnectedShop, connectedShop, couponOf, openKlaviyo } from "#tests/delivery.ts";
import { afterLook } from "#tests/meeting.ts";
import { disconnectEsp } from "./connections.ts";
import { listDeliveries, readDelivery } from "./log.ts";
import { retryDelivery } from "./replay.ts";

const { klaviyo, deps } = await openKlaviyo();
/** Another shop. */
let shopId: string;

beforeEach(async () => {
  await klaviyo.sim.mode({ rateLimits: false });
  shopId = (await makeShop()).shop.id;
});

describe("sending again", () => {
  test("a delivery of the log waits again under its own id; one of another shop is not found", async () => {
    const shop = await connectedShop(deps, klaviyo.sim);
    await shop.tell(couponOf(await shop.person("Ocean"), 1));
    const [row] = (await listDeliveries(db, shop.shopId, { limit: 1 })).rows;
    const id = row?.id ?? "";
    const done = { state: "rejected", reason: "HTTP 400", attempts: 3, doneAt: deps.now() };
    await db.delivery.updateMany({ where: { shopId: shop.shopId }, data: done });
    expect(await retryDelivery(deps, { shopId, id })).toEqual({ ok: false, because: "not_found" });
    expect(await retryDelivery(deps, { shopId: shop.shopId, id })).toEqual({ ok: true });
    expect(await readDelivery(db, shop.shopId, id)).toMatchObject({
      state: "pending",
      reason: null,
      attempts: 0,
      doneAt: null,
    });
    await disconnectEsp(deps, { shopId: shop.shopId, esp: "klaviyo" });
    expect(await retryDelivery(deps, { shopId: shop.shopId, id })).toEqual({ ok: false, because: "not_connected" });
  });
});

describe("sending a list delivery again", () => {
  let shop: ConnectedShop;
  let id: string;
  beforeEach(async () => {
    shop = await connectedShop(deps, klaviyo.sim);
    await shop.tell(couponOf(await shop.person("Ocean"), 1));
    await db.delivery.updateMany({ where: { shopId: shop.shopId }, data: { kind: "list" } });
    id = (await db.delivery.findFirstOrThrow({ where: { shopId: shop.shopId } })).id;
  });

  const become = (state: string) => db.delivery.updateMany({ where: { shopId: shop.shopId }, data: { state } });
  const state = async () => (await readDelivery(db, shop.shopId, id))?.state;

  test("puts none back that has arrived", async () => {
    await become("delivered");
    expect(await retryDelivery(deps, { shopId: shop.shopId, id })).toEqual({ ok: false, because: "already_there" });
    expect(await state()).toBe("delivered");
  });

  test("puts none back that arrives in the same moment", async () => {
    const meeting = { ...deps, db: afterLook(deps.db, "delivery", "findUnique", () => become("delivered")) };
    expect(await retryDelivery(meeting, { shopId: shop.shopId, id })).toEqual({ ok: false, because: "already_there" });
    expect(await state()).toBe("delivered");
  });

  test("has one that was left alone looked at again", async () => {
    await become("cancelled");
    expect(await retryDelivery(deps, { shopId: shop.shopId, id })).toEqual({ ok: true });
    expect(await state()).toBe("pending");
  });
});

describe("the delivery log", () => {
  test("comes in pages, newest first, and finds people", async () => {
    const shop = await connectedShop(deps, klaviyo.sim);
    const [ocean, fern] = [await shop.person("Ocean"), await shop.person("Fern")];
    for (let i = 1; i <= 3; i++) await shop.tell(couponOf(ocean, i), couponOf(fern, i));
    const first = await listDeliveries(db, shop.shopId, { limit: 4 });
    const second = await listDeliveries(db, shop.shopId, { limit: 4, before: first.older });
    expect([...first.rows, ...second.rows].map(({ personName }) => personName)).toEqual(
      Array.from({ length: 3 }, () => ["Fern", "Ocean"]).flat(),
    );
    expect(second.older).toBeUndefined();
    expect(await listDeliveries(db, shop.shopId, { limit: 4, after: second.newer })).toEqual(first);
    expect((await listDeliveries(db, shop.shopId, { search: "FERN@", limit: 10 })).rows).toHaveLength(3);
    expect((await listDeliveries(db, shop.shopId, { search: "referral coupon", limit: 10 })).rows).toHaveLength(6);
    expect((await listDeliveries(db, shop.shopId, { search: "f_rn%", limit: 10 })).rows).toEqual([]);
    expect((await listDeliveries(db, shop.shopId, { search: "opted in", limit: 10 })).rows).toEqual([]);
    expect((await listDeliveries(db, shop.shopId, { state: "delivered", limit: 10 })).rows).toEqual([]);
    expect((await listDeliveries(db, shop.shopId, { before: "'; drop", limit: 10 })).rows).toHaveLength(6);
  });

  test("of another shop is not to be seen", async () => {
    const shop = await connectedShop(deps, klaviyo.sim);
    await shop.tell(couponOf(await shop.person("Ocean"), 1));
    const { rows } = await listDeliveries(db, shop.shopId, { limit: 1 });
    expect(await readDelivery(db, shopId, rows[0]?.id ?? "")).toBeNull();
    expect(await listDeliveries(db, shopId, { limit: 1 })).toEqual({ rows: [], newer: undefined, older: undefined });
  });
});
