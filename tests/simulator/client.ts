import type { DiscountSummary, ProductInput } from "./control/commerce.ts";
import type { ShopSummary } from "./control/route.ts";
import type { AdminApiModeInput, ComplianceInput, ProxyInput, RawWebhookInput } from "./control/traffic.ts";
import type { customerPayload } from "./shopify/customer-payload.ts";
import type { CustomerInput } from "./shopify/customers.ts";
import type { EditInput } from "./shopify/order-edits.ts";
import type { OrderPayload } from "./shopify/order-payload.ts";
import type { OrderInput } from "./shopify/orders.ts";
import type { AdminApiCall, NewShop, ShopChange } from "./shopify/platform.ts";
import type { CancelInput, RefundInput } from "./shopify/refunds.ts";
import type { Product } from "./shopify/state.ts";
import type { WebhookMode, WebhookRecord } from "./shopify/webhooks.ts";

export type { OrderPayload, Product };
export type CustomerPayload = ReturnType<typeof customerPayload>;

interface ClockView {
  now: string;
  offsetMs: number;
}

interface ProxyAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/**
 * The control API as functions. Every one throws an Error with the simulator's own words where it refuses.
 * @param adminUrl the simulator's admin address, e.g. http://localhost:4400.
 */
export function createControlClient(adminUrl: string) {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${adminUrl}/_sim${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /_sim${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as T;
  }
  const get = <T>(path: string) => call<T>("GET", path);
  const post = <T>(path: string, body: unknown = {}) => call<T>("POST", path, body);
  const query = (values: Record<string, string | number | boolean | undefined>) => {
    const given = Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));
    return given.length > 0 ? `?${new URLSearchParams(given)}` : "";
  };

  return {
    reset: () => post<object>("/reset"),
    setAppUrl: (url: string) => post<{ url: string }>("/app", { url }),

    clock: () => get<ClockView>("/clock"),
    setClock: (change: { offsetMs: number } | { advanceMs: number } | { now: string }) =>
      post<ClockView>("/clock", change),

    shops: () => get<ShopSummary[]>("/shops"),
    createShop: (shop: NewShop) => post<ShopSummary>("/shops", shop),
    shop: (shop: string) => get<ShopSummary>(`/shops/${shop}`),
    install: (shop: string) => post<ShopSummary>(`/shops/${shop}/install`),
    uninstall: (shop: string) => post<ShopSummary>(`/shops/${shop}/uninstall`),
    setScopes: (shop: string, scopes: string[]) => post<ShopSummary>(`/shops/${shop}/scopes`, { scopes }),
    /** What the merchant chooses in the theme editor for the app's blocks, by setting. */
    setBlockSettings: (shop: string, settings: Record<string, unknown>) =>
      post<Record<string, unknown>>(`/shops/${shop}/block-settings`, settings),
    updateShop: (shop: string, change: ShopChange) => call<ShopSummary>("PATCH", `/shops/${shop}`, change),
    /** A session token for an API call of the embedded app; installs the app if need be. */
    async idToken(shop: string, options: { expired?: boolean } = {}) {
      return (await get<{ idToken: string }>(`/shops/${shop}/id-token${query(options)}`)).idToken;
    },
    /** The address that the admin's frame would load; installs the app if need be. */
    async appUrl(shop: string, path = "/", options: { idToken?: boolean } = {}) {
      return (await get<{ url: string }>(`/shops/${shop}/app-url${query({ path, ...options })}`)).url;
    },

    products: (shop: string) => get<Product[]>(`/shops/${shop}/products`),
    createProduct: (shop: string, product: ProductInput) => post<Product>(`/shops/${shop}/products`, product),

    customers: (shop: string) => get<CustomerPayload[]>(`/shops/${shop}/customers`),
    createCustomer: (shop: string, customer: CustomerInput) =>
      post<CustomerPayload>(`/shops/${shop}/customers`, customer),
    updateCustomer: (shop: string, id: number, change: CustomerInput) =>
      call<CustomerPayload>("PATCH", `/shops/${shop}/customers/${id}`, change),

    deleteCustomer: (shop: string, id: number) => call<object>("DELETE", `/shops/${shop}/customers/${id}`),
    /** Folds the customer into another one, who is kept. */
    mergeCustomer: (shop: string, id: number, into: number) =>
      post<CustomerPayload>(`/shops/${shop}/customers/${id}/merge`, { into }),

    orders: (shop: string) => get<OrderPayload[]>(`/shops/${shop}/orders`),
    order: (shop: string, id: number) => get<OrderPayload>(`/shops/${shop}/orders/${id}`),
    placeOrder: (shop: string, order: OrderInput) => post<OrderPayload>(`/shops/${shop}/orders`, order),
    payOrder: (shop: string, id: number, options: { at?: string } = {}) =>
      post<OrderPayload>(`/shops/${shop}/orders/${id}/pay`, options),
    cancelOrder: (shop: string, id: number, options: CancelInput = {}) =>
      post<OrderPayload>(`/shops/${shop}/orders/${id}/cancel`, options),
    refundOrder: (shop: string, id: number, options: RefundInput = {}) =>
      post<OrderPayload>(`/shops/${shop}/orders/${id}/refund`, options),

    editOrder: (shop: string, id: number, edit: EditInput) =>
      post<OrderPayload>(`/shops/${shop}/orders/${id}/edit`, edit),

    discounts: (shop: string) => get<DiscountSummary[]>(`/shops/${shop}/discounts`),
    deleteDiscount: (shop: string, id: number) => call<object>("DELETE", `/shops/${shop}/discounts/${id}`),
    /** A call through the signed app proxy. */
    proxy: (shop: string, input: ProxyInput) => post<ProxyAnswer>(`/shops/${shop}/proxy`, input),

    webhooks: (filter: { shop?: string; topic?: string } = {}) => get<WebhookRecord[]>(`/webhooks${query(filter)}`),
    setWebhookMode: (mode: Partial<WebhookMode>) => post<WebhookMode>("/webhooks/mode", mode),
    /** With ids: exactly in that order, one after the other. */
    releaseWebhooks: (order?: string[]) => post<WebhookRecord[]>("/webhooks/release", { order }),
    redeliverWebhook: (id: string, times = 1) => post<WebhookRecord>(`/webhooks/${id}/redeliver`, { times }),
    sendRawWebhook: (input: RawWebhookInput) =>
      post<{ status: number | null; body: string; error: string | null }>("/webhooks/raw", input),
    sendComplianceWebhook: (input: ComplianceInput) => post<WebhookRecord[]>("/webhooks/compliance", input),
    /** Waits until no webhook is on its way or to be tried again (held ones do not count); throws when time is up. */
    async webhooksIdle(timeoutMs = 30_000) {
      const { idle } = await get<{ idle: boolean }>(`/webhooks/idle${query({ timeoutMs })}`);
      if (!idle) throw new Error(`Webhooks are still on their way after ${timeoutMs} ms`);
    },

    setAdminApiMode: (mode: AdminApiModeInput) => post<object>("/admin-api/mode", mode),
    adminApiCalls: (options: { clear?: boolean } = {}) => get<AdminApiCall[]>(`/admin-api/calls${query(options)}`),
  };
}

export type ControlClient = ReturnType<typeof createControlClient>;
