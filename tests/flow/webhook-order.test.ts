import { describe, expect, test } from "vitest";
import { pool } from "#app/db.server.ts";
import { openApp } from "#tests/app.ts";
import type { OrderPayload } from "#tests/simulator/client.ts";
import { type Records, recordsOf } from "./records.ts";
import { friend, joinAs, openShop, type Shop } from "./world.ts";

const app = await openApp();

async function heldOf({ handle }: Shop, { id }: OrderPayload) {
  const sent = await app.sim.client.webhooks({ shop: handle });
  return sent.filter(({ state, body }) => state === "held" && body.includes(String(id)));
}

/** Lets the oldest held webhook of each topic go, one after the other. */
async function release(shop: Shop, order: OrderPayload, topics: readonly string[]) {
  const held = await heldOf(shop, order);
  await app.sim.client.releaseWebhooks(topics.map((topic) => held.find((it) => it.topic === topic)?.id ?? topic));
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((first, i) => permutations(items.toSpliced(i, 1)).map((rest) => [first, ...rest]));
}

describe("the webhooks of an order arrive when all has happened", () => {
  const paid = ["orders/create", "orders/paid", "orders/updated"];
  const ends = [
    {
      how: "cancelled",
      topics: [...paid, "orders/cancelled"],
      act: ({ handle }: Shop, { id }: OrderPayload) => app.sim.client.cancelOrder(handle, id),
      left: { verdict: "cancelled", count: 0, revenue: 0 },
    },
    {
      how: "refunded in part",
      topics: [...paid, "refunds/create"],
      act: ({ handle }: Shop, { id }: OrderPayload) => app.sim.client.refundOrder(handle, id, { amount: 2100 }),
      left: { verdict: "approved", count: 1, revenue: 60 },
    },
  ];
  type End = (typeof ends)[number];

  /** A friend of a referrer orders for each sequence, and the order's webhooks arrive in that sequence. */
  async function deliver(handle: string, { act }: End, sequences: readonly string[][], duplicate: number) {
    const shop = await openShop(app, { handle });
    const referrers = await Promise.all(sequences.map((_, i) => joinAs(app, shop, `Ocean${i}`)));
    await app.drain();
    await app.sim.client.setWebhookMode({ hold: true, duplicate });
    for (const [i, sequence] of sequences.entries()) {
      const order = { ...friend(`Fern${i}`), discountCode: referrers[i]?.code };
      const placed = await app.sim.client.placeOrder(handle, order);
      await act(shop, placed);
      await release(shop, placed, sequence);
    }
    await app.drain();
    await app.sim.client.setWebhookMode({ hold: false, duplicate: 1 });
    return recordsOf(pool, shop);
  }

  test.each(ends)(
    "$how: once in turn or thrice in any order, they leave the same",
    { timeout: 180_000 },
    async (end) => {
      const handle = end.how.replaceAll(" ", "-");
      const once = await deliver(handle, end, [end.topics], 1);
      expectOne(once, end.left);
      const sequences = permutations(end.topics);
      expect(await deliver(`${handle}-shuffled`, end, sequences, 3)).toEqual(repeated(once, sequences.length));
    },
  );

  /** What so many referrers leave who had the same happen to them; the discounts they share. */
  function repeated(records: Records, times: number): Records {
    const rows = Object.entries(records).map(([table, once]) => {
      const shared = table === "Discount";
      return [table, shared ? once : once.flatMap((row) => Array.from({ length: times }, () => row))];
    });
    return Object.fromEntries(rows);
  }

  function expectOne(
    { OrderFacts, Referral, Reward, profiles, events }: Records,
    { verdict, count, revenue }: End["left"],
  ) {
    expect(OrderFacts).toMatchObject([{ verdict }]);
    expect(Referral).toHaveLength(count);
    expect(Reward).toHaveLength(count);
    expect(events?.filter((event) => JSON.stringify(event).includes("Received Passalong"))).toHaveLength(count);
    expect(profiles).toContainEqual({
      email: "ocean@grove.shop",
      properties: expect.objectContaining({
        "Passalong Number of Successful Referrals": count,
        "Passalong Total Successful Referral Revenue": revenue,
      }),
    });
  }
});

test("webhooks that arrive late or early while an order is placed, paid and cancelled leave no trace of it", async () => {
  const juniper = await openShop(app, { handle: "juniper" });
  const ocean = await joinAs(app, juniper);
  await app.drain();
  await app.sim.client.setWebhookMode({ hold: true });
  const orders = new Map<string, OrderPayload>();

  const steps: Record<string, (order: OrderPayload) => Promise<unknown>> = {
    pay: ({ id }) => app.sim.client.payOrder(juniper.handle, id),
    cancel: ({ id }) => app.sim.client.cancelOrder(juniper.handle, id),
    created: (order) => release(juniper, order, ["orders/create"]),
    paid: (order) => release(juniper, order, ["orders/paid"]),
    cancelled: (order) => release(juniper, order, ["orders/cancelled"]),
  };
  const histories = permutations(["pay", "cancel", "created", "paid", "cancelled"]).filter(
    (history) =>
      isInOrder(history, "pay", "cancel") &&
      isInOrder(history, "pay", "paid") &&
      isInOrder(history, "cancel", "cancelled"),
  );
  for (const [i, history] of histories.entries()) {
    const input = { ...friend(`Fern${i}`), discountCode: ocean.code, paid: false };
    orders.set(history.join(", "), await app.sim.client.placeOrder(juniper.handle, input));
  }
  // Each history's first step, then each one's second …
  for (let step = 0; step < 5; step++) {
    for (const history of histories) {
      const name = history.join(", ");
      const order = orders.get(name);
      if (order) await steps[history[step] ?? ""]?.(order);
    }
    await app.drain();
  }

  const seenPaid = (history: string[]) =>
    ["created", "paid"].some((seen) => isInOrder(history, "pay", seen) && isInOrder(history, seen, "cancel"));
  const expected = histories.map((history) => [history.join(", "), seenPaid(history) ? "reversed" : "cancelled"]);
  const verdicts = [...orders].map(async ([name, order]) => [name, await verdictOf(order)]);
  expect(await Promise.all(verdicts)).toEqual(expected);
  expect(new Set(expected.map(([, verdict]) => verdict)).size).toBe(2);

  const { Referrer, Reward, profiles } = await recordsOf(pool, juniper);
  expect(Referrer).toMatchObject([{ successfulCount: 0, successfulRevenue: 0, latestSuccessAt: null }]);
  for (const reward of Reward ?? []) expect(reward).toMatchObject({ state: "revoked" });
  expect(profiles).toContainEqual({
    email: ocean.email,
    properties: expect.objectContaining({
      "Passalong Number of Successful Referrals": 0,
      "Passalong Total Successful Referral Revenue": 0,
    }),
  });
  const codes = (await app.sim.client.discounts(juniper.handle)).flatMap((discount) => discount.codes);
  const promised = codes.filter(({ code }) => !code.startsWith("FRIEND-")); // those are stock that nobody has claimed
  expect(promised.map(({ code }) => code)).toEqual([ocean.code]);
});

function isInOrder(history: readonly string[], first: string, second: string): boolean {
  return history.indexOf(first) < history.indexOf(second);
}

async function verdictOf(order: OrderPayload): Promise<string | undefined> {
  const { rows } = await pool.query<{ verdict: string }>(`SELECT "verdict" FROM "OrderFacts" WHERE "gid" = $1`, [
    order.admin_graphql_api_id,
  ]);
  return rows[0]?.verdict;
}
