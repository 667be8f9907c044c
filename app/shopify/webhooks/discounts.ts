import { z } from "zod";
import { discountDeleted, isOwnDiscount } from "#app/domain/rewards/deleted-discounts.ts";
import { hasDiscount } from "#app/shopify/admin/discounts.ts";
import { done, ignored, type Topic } from "./topic.ts";

/** Of a discount of any kind; those with codes are told of by either of their two names. */
const discountBody = z.object({ admin_graphql_api_id: z.string().startsWith("gid://shopify/Discount") });

/** discounts/delete: only what is really gone is. */
export const discountsDeleted: Topic = {
  lane: ({ body }) => discountNamedIn(body),
  handle: async ({ admin, transact }, { shop, body }) => {
    const gid = discountNamedIn(body);
    if (!(await transact(shop.id, (ctx) => isOwnDiscount(ctx, gid)))) return ignored("not_ours");
    if (await hasDiscount(admin(shop.domain), gid)) return ignored("still_there");
    await transact(shop.id, (ctx) => discountDeleted(ctx, gid));
    return done("deleted");
  },
};

/** As the Admin API names a discount with codes. */
function discountNamedIn(body: unknown): string {
  return discountBody.parse(body).admin_graphql_api_id.replace("/DiscountNode/", "/DiscountCodeNode/");
}
