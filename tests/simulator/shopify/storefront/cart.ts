import { type Answer, bodyOf, type Incoming, json } from "../../http.ts";
import { exponentOf } from "../money.ts";
import type { Product, Shop } from "../state.ts";
import type { Visit } from "./visits.ts";

/** Money as Liquid and the Ajax API count it: hundredths of the major unit, in every currency. */
export function hundredths(minor: number, currency: string): number {
  return Math.round((minor * 100) / 10 ** exponentOf(currency));
}

function productOf(shop: Shop, variantId: number): Product | undefined {
  return shop.products.find((product) => product.variantId === variantId);
}

/** The cart as `/cart.js` and the Liquid object `cart` show it. */
export function cartView(shop: Shop, visit: Visit) {
  const items = visit.lines.flatMap((line) => {
    const product = productOf(shop, line.variantId);
    return product ? [itemView(shop, product, line.quantity)] : [];
  });
  const total = items.reduce((sum, item) => sum + item.line_price, 0);
  return {
    token: visit.cartToken,
    note: visit.note,
    attributes: visit.attributes,
    original_total_price: total,
    total_price: total,
    total_discount: 0,
    total_weight: 0,
    item_count: items.reduce((sum, item) => sum + item.quantity, 0),
    items,
    requires_shipping: items.some((item) => item.requires_shipping),
    currency: shop.currency,
    items_subtotal_price: total,
    cart_level_discount_applications: [] as never[],
    discount_codes: visit.discountCode ? [{ code: visit.discountCode, applicable: true }] : [],
  };
}

function itemView(shop: Shop, product: Product, quantity: number) {
  const price = hundredths(product.price, shop.currency);
  return {
    id: product.variantId,
    key: `${product.variantId}:${product.id}`,
    variant_id: product.variantId,
    product_id: product.id,
    quantity,
    title: product.title,
    product_title: product.title,
    handle: product.handle,
    url: `/products/${product.handle}?variant=${product.variantId}`,
    price,
    original_price: price,
    final_price: price,
    line_price: price * quantity,
    final_line_price: price * quantity,
    original_line_price: price * quantity,
    discounts: [] as never[],
    properties: {},
    gift_card: product.giftCard,
    requires_shipping: !product.giftCard,
    taxable: !product.giftCard,
    sku: `SKU-${product.id}`,
    vendor: shop.name,
  };
}

const refuse = (status: number, description: string) => json(status, { status, message: "Cart Error", description });

/**
 * The Ajax Cart API: https://shopify.dev/docs/api/ajax/reference/cart
 * @param path below `/cart`, without `.js`: "", "/add", "/update", "/change", "/clear".
 */
export function answerCartApi(shop: Shop, visit: Visit, path: string, request: Incoming): Answer {
  const body = request.method === "GET" ? Object.fromEntries(request.url.searchParams) : bodyOf(request);
  switch (path) {
    case "":
      return json(200, cartView(shop, visit));
    case "/add":
      return add(shop, visit, body);
    case "/change": {
      const variantId = Number(String(body.id ?? visit.lines[Number(body.line) - 1]?.variantId).split(":")[0]);
      setQuantity(visit, variantId, Number(body.quantity));
      return json(200, cartView(shop, visit));
    }
    case "/update":
      return update(shop, visit, body);
    case "/clear":
      visit.lines = [];
      return json(200, cartView(shop, visit));
    default:
      return refuse(404, "No such cart action");
  }
}

function add(shop: Shop, visit: Visit, body: Record<string, unknown>): Answer {
  const wanted: unknown[] = Array.isArray(body.items) ? body.items : [body];
  const added = wanted.map((item) => {
    const { id, quantity } = { id: null, quantity: 1, ...(item !== null && typeof item === "object" ? item : {}) };
    return { product: productOf(shop, Number(id)), quantity: Number(quantity ?? 1) };
  });
  for (const { product } of added) if (!product) return refuse(404, "Cannot find variant");
  const items = added.flatMap(({ product, quantity }) => {
    if (!product) return [];
    const line = visit.lines.find(({ variantId }) => variantId === product.variantId);
    setQuantity(visit, product.variantId, (line?.quantity ?? 0) + quantity);
    return [itemView(shop, product, quantity)];
  });
  return json(200, Array.isArray(body.items) ? { items } : items[0]);
}

function update(shop: Shop, visit: Visit, body: Record<string, unknown>): Answer {
  const { attributes, updates, note } = body;
  if (attributes !== null && typeof attributes === "object") setAttributes(visit, Object.entries(attributes));
  const flat = Object.entries(body).map(([key, value]) => [key.match(/^attributes\[(.+)\]$/)?.[1], value] as const);
  setAttributes(
    visit,
    flat.flatMap(([key, value]) => (key === undefined ? [] : [[key, value] as const])),
  );
  if (typeof note === "string") visit.note = note;
  if (updates !== null && typeof updates === "object") {
    for (const [id, quantity] of Object.entries(updates))
      setQuantity(visit, Number(id.split(":")[0]), Number(quantity));
  }
  return json(200, cartView(shop, visit));
}

/** An empty value takes the attribute away. */
function setAttributes(visit: Visit, entries: Iterable<readonly [string, unknown]>): void {
  for (const [name, value] of entries) {
    if (value === null || value === undefined || value === "") delete visit.attributes[name];
    else visit.attributes[name] = String(value);
  }
}

function setQuantity(visit: Visit, variantId: number, quantity: number): void {
  const others = visit.lines.filter((line) => line.variantId !== variantId);
  visit.lines = quantity > 0 ? [...others, { variantId, quantity }] : others;
}
