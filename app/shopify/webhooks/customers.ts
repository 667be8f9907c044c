import { z } from "zod";
import { forgetCustomer } from "#app/domain/people/forget-customer.ts";
import { knowCustomer } from "#app/domain/people/know-customer.ts";
import { findPerson } from "#app/domain/people/know-person.ts";
import { mergePeople } from "#app/domain/people/merge-people.ts";
import { recordShopifyConsent } from "#app/domain/people/record-consent.ts";
import { recordCustomer } from "#app/domain/people/record-customer.ts";
import { readCustomer } from "#app/shopify/admin/customer.ts";
import { done, ignored, type Topic } from "./topic.ts";

const customerGid = z.string().startsWith("gid://shopify/Customer/");
const customerBody = z.object({ admin_graphql_api_id: customerGid, email: z.string().nullish() });

/** customers/create · customers/update: customers who have nothing to do with us are neither fetched nor kept. */
export const customerChanged: Topic = {
  lane: ({ body }) => customerBody.parse(body).admin_graphql_api_id,
  handle: async ({ admin, transact }, { shop, body }) => {
    const { admin_graphql_api_id: gid, email = null } = customerBody.parse(body);
    if (!(await transact(shop.id, (ctx) => findPerson(ctx, { gid, email })))) return ignored("unknown_person");
    const found = await readCustomer(admin(shop.domain), gid);
    if (!found) return ignored("not_this_shops");
    return done(await transact(shop.id, (ctx) => recordCustomer(ctx, found)));
  },
};

/** customers/delete: only who is really gone is forgotten. */
export const customerDeleted: Topic = {
  lane: ({ body }) => customerBody.parse(body).admin_graphql_api_id,
  handle: async ({ admin, transact }, { shop, body }) => {
    const { admin_graphql_api_id: gid } = customerBody.parse(body);
    if (!(await transact(shop.id, (ctx) => findPerson(ctx, { gid, email: null })))) return ignored("unknown_person");
    if (await readCustomer(admin(shop.domain), gid)) return ignored("still_there");
    return done(await transact(shop.id, (ctx) => forgetCustomer(ctx, gid)));
  },
};

const mergeBody = z.object({
  admin_graphql_api_customer_kept_id: customerGid,
  admin_graphql_api_customer_deleted_id: customerGid,
});

/** customers/merge, which is also sent for a merge that failed: the shop must have the one customer and not the other. */
export const customersMerged: Topic = {
  lane: ({ body }) => mergeBody.parse(body).admin_graphql_api_customer_kept_id,
  handle: async ({ admin, transact }, { shop, body }) => {
    const merged = mergeBody.parse(body);
    const gone = { gid: merged.admin_graphql_api_customer_deleted_id, email: null };
    if (!(await transact(shop.id, (ctx) => findPerson(ctx, gone)))) return ignored("unknown_person");
    const client = admin(shop.domain);
    const kept = await readCustomer(client, merged.admin_graphql_api_customer_kept_id);
    if (!kept || (await readCustomer(client, gone.gid))) return ignored("not_merged");
    await transact(shop.id, async (ctx) => {
      const into = await knowCustomer(ctx, kept.customer);
      const from = await findPerson(ctx, gone);
      if (from && into) await mergePeople(ctx, from, into, gone.gid);
      // Once more: the address that both had is free now.
      await knowCustomer(ctx, kept.customer);
      await recordShopifyConsent(ctx, kept.customer.gid, kept.consent);
    });
    return done("merged");
  },
};

/** customers_email_marketing_consent/update: what Shopify says now of somebody we know. */
export const consentChanged: Topic = {
  lane: ({ text }) => customerNamedIn(text),
  handle: async ({ admin, transact }, { shop, text }) => {
    const gid = customerNamedIn(text);
    if (!(await transact(shop.id, (ctx) => findPerson(ctx, { gid, email: null })))) return ignored("unknown_person");
    const consent = (await readCustomer(admin(shop.domain), gid))?.consent;
    if (!consent) return ignored("undecided");
    await transact(shop.id, (ctx) => recordShopifyConsent(ctx, gid, consent));
    return done(consent.state);
  },
};

/** From the text: an id of 17 digits and more would be rounded by JSON.parse, and this body has no gid. */
function customerNamedIn(text: string): string {
  const id = /"customer_id"\s*:\s*(\d+)/.exec(text)?.[1];
  if (!id) throw new RangeError("a body without customer_id");
  return `gid://shopify/Customer/${id}`;
}
