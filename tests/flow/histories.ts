import fc from "fast-check";
import { claimReferral } from "#app/domain/referrals/claim-referral.ts";
import { joinProgram } from "#app/domain/referrals/join-program.ts";
import { transact } from "#app/transact.server.ts";
import type { ControlClient, OrderPayload } from "#tests/simulator/client.ts";

const changes = [
  "pay",
  "refund a part",
  "refund the rest",
  "cancel",
  "edit out",
  "edit in",
  "rename",
  "subscribe",
  "merge",
] as const;
type Change = (typeof changes)[number];

/** How a friend's order comes to a referrer, whether it is paid at once, and what happens to order and friend then. */
export type History = {
  readonly by: "attribute" | "claim" | "coupon" | "landing";
  readonly paid: boolean;
  readonly next: readonly Change[];
};

/** The order, and up to two changes after it. */
export const PHASES = 3;

export const history: fc.Arbitrary<History> = fc.record({
  by: fc.constantFrom("attribute", "claim", "coupon", "landing"),
  paid: fc.boolean(),
  next: fc.uniqueArray(fc.constantFrom(...changes), { maxLength: PHASES - 1 }),
});

/** A shop in which histories take place. */
export type Scene = { readonly client: ControlClient; readonly handle: string; readonly shopId: string };

/** The beginning: somebody joins, perhaps their friend claims, and the friend places an order of two mugs. */
export async function begin(
  { client, handle, shopId }: Scene,
  { by, paid }: History,
  i: number,
): Promise<OrderPayload> {
  const referrer = { firstName: "Ocean", lastName: "Grove", email: `ocean${i}@grove.shop` };
  const friend = { firstName: "Fern", lastName: "Meadow", email: `fern${i}@meadow.shop` };
  const { admin_graphql_api_id: gid } = await client.createCustomer(handle, referrer);
  const joined = await transact(shopId, (ctx) => joinProgram(ctx, { ...referrer, gid, phone: null, locale: "en" }));
  if (joined.kind === "refused") throw new Error(joined.because);
  const { code } = joined;
  const claim = async () => {
    const claimed = await transact(shopId, (ctx) =>
      claimReferral(ctx, code, { ...friend, locale: "en", consent: null }),
    );
    if (claimed.kind !== "claimed" || !claimed.coupon) throw new Error(`no coupon: ${JSON.stringify(claimed)}`);
    return claimed.coupon;
  };
  const signals = {
    attribute: async () => ({ attributes: { _passalong: code } }),
    claim: async () => void (await claim()),
    coupon: async () => ({ discountCode: await claim() }),
    landing: async () => ({ landingSite: `/?ref=${code}` }),
  };
  const lines = [{ title: "Mug", price: 4000, quantity: 2 }];
  return client.placeOrder(handle, { ...friend, paid, lines, ...(await signals[by]()) });
}

/** What the merchant or the friend does next; what Shopify refuses (nothing left to refund) does not happen. */
export async function go({ client, handle }: Scene, order: OrderPayload, change: Change): Promise<void> {
  const line = { lineId: order.line_items[0]?.id, quantity: 1 };
  const friend = order.customer?.id ?? 0;
  const act: Record<Change, () => Promise<unknown>> = {
    pay: () => client.payOrder(handle, order.id),
    "refund a part": () => client.refundOrder(handle, order.id, { amount: 500 }),
    "refund the rest": () => client.refundOrder(handle, order.id),
    cancel: () => client.cancelOrder(handle, order.id),
    "edit out": () => client.editOrder(handle, order.id, { remove: [line] }),
    "edit in": () => client.editOrder(handle, order.id, { add: [{ title: "Saucer", price: 700 }] }),
    rename: () => client.updateCustomer(handle, friend, { lastName: "Brook" }),
    subscribe: () => client.updateCustomer(handle, friend, { marketingState: "SUBSCRIBED" }),
    merge: async () => {
      const twin = await client.createCustomer(handle, { firstName: "Fern", phone: `+1555${order.order_number}` });
      await client.mergeCustomer(handle, friend, twin.id);
    },
  };
  await act[change]().catch((error: unknown) => {
    if (!(error instanceof Error) || !/answered 4(04|09|22)/.test(error.message)) throw error;
  });
}
