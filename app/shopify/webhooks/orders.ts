import { z } from "zod";
import { concernsUs, type OrderGlimpse, recordOrder } from "#app/domain/referrals/record-order.ts";
import { hadEarlierPaidOrder } from "#app/shopify/admin/earlier-orders.ts";
import { readOrder } from "#app/shopify/admin/order.ts";
import { done, ignored, type Outcome, type ReceivedWebhook, type Topic, type WebhookDeps } from "./topic.ts";

const orderPointer = z.object({ admin_graphql_api_id: z.string().startsWith("gid://shopify/Order/") });

/** What is read of an order's payload: hints whether it concerns us, and what only the payload has. */
const orderBody = orderPointer.extend({
  created_at: z.iso.datetime({ offset: true }),
  email: z.string().nullish(),
  customer: z.object({ admin_graphql_api_id: z.string(), email: z.string().nullish() }).nullish(),
  landing_site: z.string().nullish(),
  discount_codes: z.array(z.object({ code: z.string() })).default([]),
  note_attributes: z.array(z.object({ name: z.string(), value: z.unknown() })).default([]),
});

/** orders/create · orders/paid · orders/updated · orders/cancelled: something happened to an order. */
export const orderChanged: Topic = {
  lane: ({ body }) => orderPointer.parse(body).admin_graphql_api_id,
  handle: (deps, { shop, body }) => {
    const order = orderBody.parse(body);
    return lookAtOrder(deps, shop, {
      gid: order.admin_graphql_api_id,
      discountCodes: order.discount_codes.map(({ code }) => code),
      attributes: Object.fromEntries(order.note_attributes.map(({ name, value }) => [name, String(value ?? "")])),
      landingSite: order.landing_site ?? null,
      buyer: {
        gid: order.customer?.admin_graphql_api_id ?? null,
        email: order.email ?? order.customer?.email ?? null,
      },
      placedAt: new Date(order.created_at),
    });
  },
};

/** refunds/create · orders/edited: something happened to the order that it names, which we know or do not care about. */
export const orderNamed: Topic = {
  lane: ({ text }) => orderNamedIn(text),
  handle: (deps, { shop, text }) =>
    lookAtOrder(deps, shop, {
      gid: orderNamedIn(text),
      discountCodes: [],
      attributes: {},
      landingSite: null,
      buyer: { gid: null, email: null },
      placedAt: deps.now(),
    }),
};

/**
 * The payload only says that something happened: what is decided comes from the Admin API with that shop's own token,
 * because headers are not signed and webhooks come late and in any order. An order that has nothing to do with us is
 * neither fetched nor kept.
 */
async function lookAtOrder(
  { admin, transact }: WebhookDeps,
  shop: ReceivedWebhook["shop"],
  glimpse: OrderGlimpse,
): Promise<Outcome> {
  const { gid, landingSite } = glimpse;
  if (!(await transact(shop.id, (ctx) => concernsUs(ctx, glimpse)))) return ignored("no_referral");
  const client = admin(shop.domain);
  const order = await readOrder(client, gid);
  if (!order) return ignored("not_this_shops");
  const earlierPaidOrder = await hadEarlierPaidOrder(client, order);
  const outcome = await transact(shop.id, (ctx) => recordOrder(ctx, { order, landingSite, earlierPaidOrder }));
  return outcome.kind === "refused" ? done(outcome.because) : done(outcome.kind);
}

/** From the text: an id of 17 digits and more would be rounded by JSON.parse, and these bodies have no order gid. */
function orderNamedIn(text: string): string {
  const id = /"order_id"\s*:\s*(\d+)/.exec(text)?.[1];
  if (!id) throw new RangeError("a body without order_id");
  return `gid://shopify/Order/${id}`;
}
