import type { AdminContext } from "../platform.ts";
import { gid, idOf } from "../state.ts";
import type { View } from "./connection.ts";
import { customerConnection, type ListArguments } from "./customers.ts";
import { discountMutations, discountQueries } from "./discounts.ts";
import { buyerView, orderConnection, ordersOf, orderView } from "./orders.ts";
import { productConnection, productView } from "./products.ts";
import { shopLocaleViews, shopView } from "./shop.ts";

type ById = { id: string };

const queries = {
  shop: (_: object, { platform, shop }: AdminContext) => shopView(platform, shop),
  shopLocales: (_: object, { shop }: AdminContext) => shopLocaleViews(shop),

  order({ id }: ById, { platform, shop }: AdminContext): View | null {
    const order = ordersOf(platform, shop).find((candidate) => candidate.id === idOf("Order", id));
    return order ? orderView(platform, shop, order) : null;
  },
  orders: (args: ListArguments, { platform, shop }: AdminContext) =>
    orderConnection(platform, shop, ordersOf(platform, shop), args),

  customer({ id }: ById, { platform, shop }: AdminContext): View | null {
    const customer = shop.customers.find((candidate) => candidate.id === idOf("Customer", id));
    return customer ? buyerView(platform, shop, customer) : null;
  },
  customers: (args: ListArguments, { platform, shop }: AdminContext) =>
    customerConnection(shop, args, (customer) => buyerView(platform, shop, customer)),

  product({ id }: ById, { shop }: AdminContext): View | null {
    const product = shop.products.find((candidate) => candidate.id === idOf("Product", id));
    return product ? productView(product) : null;
  },
  products: (args: ListArguments, { shop }: AdminContext) => productConnection(shop, args),

  currentAppInstallation: (_: object, { platform, shop }: AdminContext): View => ({
    id: gid("AppInstallation", shop.id),
    accessScopes: shop.grantedScopes.map((handle) => ({ handle, description: handle.replaceAll("_", " ") })),
    activeSubscriptions: [],
    launchUrl: `https://admin.shopify.com/store/${shop.handle}/apps/${platform.app.apiKey}`,
    app: { id: gid("App", 1), title: platform.app.toml.name, apiKey: platform.app.apiKey },
  }),
};

/** Every field of QueryRoot and Mutation that is simulated. To add one: a function here, a view beside it. */
export const rootResolvers = { ...queries, ...discountQueries, ...discountMutations };
