import { gid, type Product, type Shop } from "../state.ts";
import { connection, type PageArguments, type View } from "./connection.ts";
import { search } from "./search.ts";

type ListArguments = PageArguments & { query?: string | null; reverse?: boolean | null };

export function productView(product: Product): View {
  return {
    __typename: "Product",
    id: gid("Product", product.id),
    legacyResourceId: String(product.id),
    title: product.title,
    handle: product.handle,
    status: "ACTIVE",
    isGiftCard: product.giftCard,
    tags: [],
    vendor: "",
    productType: "",
    createdAt: product.createdAt,
    updatedAt: product.createdAt,
  };
}

export function productConnection(shop: Shop, args: ListArguments): View {
  const found = search(shop.products, args.query, { id: (product) => product.id, title: (product) => product.title });
  const ordered = args.reverse ? [...found].reverse() : found;
  return connection(ordered, args, (product) => product.id, productView);
}
