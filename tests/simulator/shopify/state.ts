/** Everything the simulated Shopify remembers, as plain JSON. Money is in minor units of the shop's currency, times are ISO in UTC. */
export interface ShopifyState {
  nextId: number;
  shops: Shop[];
}

export interface Shop {
  id: number;
  handle: string;
  name: string;
  email: string;
  currency: string;
  /** Origin that buyers see, e.g. https://demo.myshopify.com. */
  primaryDomainUrl: string;
  plan: string;
  timezone: string;
  locale: string;
  country: string;
  taxesIncluded: boolean;
  /** 0.2 is 20 %. */
  taxRate: number;
  createdAt: string;
  installedAt: string | null;
  grantedScopes: string[];
  accessTokens: AccessToken[];
  refreshTokens: RefreshToken[];
  nextOrderNumber: number;
  products: Product[];
  customers: Customer[];
  /** What the merchant chose in the theme editor, by setting; else the block's own default holds. */
  blockSettings: Record<string, unknown>;
  orders: Order[];
  discounts: Discount[];
  /** By the code in lower case: Shopify compares codes without case. */
  codes: Record<string, RedeemCode>;
  bulkCreations: BulkCreation[];
  bulkDeletions: BulkDeletion[];
}

/** Real time in milliseconds: a token's life does not follow the shop's clock. */
export interface AccessToken {
  token: string;
  expiresAt: number | null;
  online: boolean;
}

interface RefreshToken {
  token: string;
  expiresAt: number;
  firstUsedAt: number | null;
  /** The token it was exchanged for; that one is retired when this one is used. */
  replaces: string | null;
}

export interface Product {
  id: number;
  variantId: number;
  title: string;
  handle: string;
  price: number;
  giftCard: boolean;
  createdAt: string;
}

export interface Address {
  id: number;
  address1: string;
  address2: string | null;
  city: string;
  province: string | null;
  provinceCode: string | null;
  country: string;
  countryCode: string;
  zip: string;
  phone: string | null;
}

export type MarketingState = "NOT_SUBSCRIBED" | "PENDING" | "SUBSCRIBED" | "UNSUBSCRIBED";

export interface Customer {
  id: number;
  email: string | null;
  phone: string | null;
  firstName: string | null;
  lastName: string | null;
  locale: string;
  marketingState: MarketingState;
  verifiedEmail: boolean;
  note: string | null;
  address: Address | null;
  createdAt: string;
  updatedAt: string;
}

export interface OrderLine {
  id: number;
  productId: number | null;
  variantId: number | null;
  title: string;
  quantity: number;
  unitPrice: number;
  giftCard: boolean;
  sellingPlan: string | null;
  /** Per discount application, in the order's `discounts`. */
  allocations: { discount: number; amount: number }[];
  tax: number;
}

export interface AppliedDiscount {
  code: string;
  type: "percentage" | "fixed_amount" | "shipping";
  /** Percent (10 is 10 %) or minor units. */
  value: number;
  each: boolean;
  entitledOnly: boolean;
  amount: number;
}

export interface Transaction {
  id: number;
  kind: "SALE" | "REFUND";
  status: "SUCCESS" | "FAILURE" | "PENDING" | "ERROR";
  amount: number;
  createdAt: string;
  parentId: number | null;
}

export interface Refund {
  id: number;
  createdAt: string;
  note: string | null;
  lines: { id: number; lineId: number; quantity: number; subtotal: number; tax: number }[];
  shipping: number;
  /** What was given back beyond (or, negative, below) the lines: an order adjustment. */
  discrepancy: { id: number; amount: number } | null;
  /** Null where no money was to flow: an edit took the lines out. */
  transactionId: number | null;
}

export interface Order {
  id: number;
  number: number;
  token: string;
  customerId: number | null;
  email: string | null;
  phone: string | null;
  createdAt: string;
  updatedAt: string;
  cancelledAt: string | null;
  cancelReason: string | null;
  test: boolean;
  sourceName: string;
  currency: string;
  presentmentCurrency: string;
  /** Major units of the presentment currency for one of the shop's. */
  rate: number;
  taxesIncluded: boolean;
  taxRate: number;
  lines: OrderLine[];
  shipping: { id: number; title: string; price: number; discount: number } | null;
  tip: number;
  discounts: AppliedDiscount[];
  attributes: { name: string; value: string }[];
  landingSite: string | null;
  referringSite: string | null;
  cartToken: string | null;
  browserIp: string | null;
  userAgent: string | null;
  locale: string;
  address: Address | null;
  firstName: string | null;
  lastName: string | null;
  transactions: Transaction[];
  refunds: Refund[];
}

export interface Discount {
  id: number;
  kind: "basic" | "freeShipping";
  title: string;
  startsAt: string;
  endsAt: string | null;
  usageLimit: number | null;
  appliesOncePerCustomer: boolean;
  /** For `basic`: 0.1 is 10 %, or minor units. */
  value: { percentage: number } | { amount: number; each: boolean } | null;
  /** Null is the whole shop. */
  productIds: number[] | null;
  collectionIds: number[] | null;
  minimum: { subtotal: number } | { quantity: number } | null;
  /** Null is everybody. */
  customerIds: number[] | null;
  combinesWith: { orderDiscounts: boolean; productDiscounts: boolean; shippingDiscounts: boolean };
  appliesOnOneTimePurchase: boolean;
  appliesOnSubscription: boolean;
  tags: string[];
  createdAt: string;
  updatedAt: string;
}

export interface RedeemCode {
  id: number;
  code: string;
  discountId: number;
  /** One entry per order that used it. */
  uses: CodeUse[];
}

/** Who used a code: the buyer's e-mail in lower case. */
interface CodeUse {
  email: string | null;
  customerId: number | null;
}

export interface BulkCreation {
  id: number;
  discountId: number;
  createdAt: string;
  /** Real time at which the import is over, whoever asks. */
  readyAt: number;
  polls: number;
  done: boolean;
  entries: { code: string; codeId: number | null; error: { code: string; message: string } | null }[];
}

/** Codes on their way out of a discount; its id is that of the `Job`. */
export interface BulkDeletion {
  id: number;
  discountId: number;
  codeIds: number[];
  /** Real time at which they are gone, whoever asks. */
  readyAt: number;
  polls: number;
  done: boolean;
}

export function emptyState(): ShopifyState {
  return { nextId: 5_400_000_000_001, shops: [] };
}

/** Ids are unique over all shops, as Shopify's are, and exact in JSON (below 2^53). */
export function takeId(state: ShopifyState): number {
  return state.nextId++;
}

export function permanentDomain(shop: Shop): string {
  return `${shop.handle}.myshopify.com`;
}

export function gid(type: string, id: number): string {
  return `gid://shopify/${type}/${id}`;
}

/** The number in a gid of that type, or null for anything else. */
export function idOf(type: string, value: unknown): number | null {
  const match = String(value).match(/^gid:\/\/shopify\/(\w+)\/(\d+)$/);
  return match && match[1] === type ? Number(match[2]) : null;
}
