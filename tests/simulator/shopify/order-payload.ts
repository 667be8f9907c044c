import { customerFields, namedAddress } from "./customer-payload.ts";
import { inZone } from "./dates.ts";
import { allocation, lineFields, moneySet, taxLines } from "./line-payload.ts";
import { toDecimal } from "./money.ts";
import { currentQuantity, figuresOf, financialStatus, type OrderFigures } from "./order-figures.ts";
import { refundPayload } from "./refund-payload.ts";
import { type AppliedDiscount, gid, type Order, type OrderLine, permanentDomain, type Shop } from "./state.ts";

/**
 * An order as `orders/*` webhooks of API 2026-10 carry it (`checkout_id` is gone since 2026-04).
 * Held against Shopify's schema by payloads.test.ts.
 */
export function orderPayload(shop: Shop, order: Order) {
  const customer = shop.customers.find((candidate) => candidate.id === order.customerId);
  const time = (iso: string) => inZone(iso, shop.timezone);
  const address = order.address ? addressPayload(order) : null;
  return {
    id: order.id,
    admin_graphql_api_id: gid("Order", order.id),
    app_id: order.sourceName === "web" ? 580111 : null,
    browser_ip: order.browserIp,
    buyer_accepts_marketing: customer?.marketingState === "SUBSCRIBED",
    cancel_reason: order.cancelReason,
    cancelled_at: order.cancelledAt && time(order.cancelledAt),
    cart_token: order.cartToken,
    checkout_token: order.token,
    client_details: order.browserIp
      ? {
          accept_language: order.locale,
          browser_height: null,
          browser_ip: order.browserIp,
          browser_width: null,
          session_hash: null,
          user_agent: order.userAgent ?? "",
        }
      : null,
    closed_at: null,
    confirmation_number: order.token.slice(0, 9).toUpperCase(),
    confirmed: true,
    contact_email: order.email,
    created_at: time(order.createdAt),
    currency: order.currency,
    customer_locale: order.locale,
    device_id: null,
    discount_codes: order.discounts.map(({ code, amount, type }) => ({
      code,
      amount: toDecimal(amount, order.currency),
      type,
    })),
    duties_included: false,
    email: order.email ?? "",
    estimated_taxes: false,
    financial_status: financialStatus(order).toLowerCase(),
    fulfillment_status: null,
    landing_site: order.landingSite,
    landing_site_ref: order.landingSite && new URL(order.landingSite, "https://shop.invalid").searchParams.get("ref"),
    location_id: null,
    merchant_business_entity_id: Buffer.from(String(shop.id)).toString("base64url"),
    merchant_of_record_app_id: null,
    name: `#${order.number}`,
    note: null,
    note_attributes: order.attributes,
    number: order.number - 1000,
    order_number: order.number,
    order_status_url: `https://${permanentDomain(shop)}/${shop.id}/orders/${order.token}/authenticate?key=${order.token.slice(16)}`,
    payment_gateway_names: order.transactions.length > 0 ? ["bogus"] : [],
    phone: order.phone,
    po_number: null,
    presentment_currency: order.presentmentCurrency,
    processed_at: time(order.createdAt),
    reference: null,
    referring_site: order.referringSite,
    source_identifier: null,
    source_name: order.sourceName,
    source_url: null,
    tags: "",
    tax_exempt: false,
    tax_lines: taxLines(order, figuresOf(order).tax),
    taxes_included: order.taxesIncluded,
    test: order.test,
    token: order.token,
    total_weight: 0,
    updated_at: time(order.updatedAt),
    user_id: null,
    ...totals(order, figuresOf(order)),
    ...(address ? { billing_address: address } : {}),
    customer: customer ? customerFields(shop, customer) : null,
    discount_applications: order.discounts.map((discount) => applicationPayload(order, discount)),
    fulfillments: [] as never[],
    line_items: order.lines.map((line) => linePayload(order, line)),
    payment_terms: null,
    refunds: order.refunds.map((refund) => refundPayload(shop, order, refund)),
    ...(address ? { shipping_address: address } : {}),
    shipping_lines: order.shipping ? [shippingPayload(order, order.shipping)] : [],
    returns: [] as never[],
    line_item_groups: [] as never[],
  };
}

function totals(order: Order, figures: OrderFigures) {
  const plain = (minor: number) => toDecimal(minor, order.currency);
  const set = (minor: number) => moneySet(order, minor);
  return {
    current_shipping_price_set: set(figures.currentShipping),
    current_subtotal_price: plain(figures.currentSubtotal),
    current_subtotal_price_set: set(figures.currentSubtotal),
    current_total_additional_fees_set: null,
    current_total_discounts: plain(figures.currentDiscounts),
    current_total_discounts_set: set(figures.currentDiscounts),
    current_total_duties_set: null,
    current_total_price: plain(figures.currentTotal),
    current_total_price_set: set(figures.currentTotal),
    current_total_tax: plain(figures.currentTax),
    current_total_tax_set: set(figures.currentTax),
    original_total_additional_fees_set: null,
    original_total_duties_set: null,
    subtotal_price: plain(figures.subtotal),
    subtotal_price_set: set(figures.subtotal),
    total_cash_rounding_payment_adjustment_set: set(0),
    total_cash_rounding_refund_adjustment_set: set(0),
    total_discounts: plain(figures.discounts),
    total_discounts_set: set(figures.discounts),
    total_line_items_price: plain(figures.lineItems),
    total_line_items_price_set: set(figures.lineItems),
    total_outstanding: plain(figures.outstanding),
    total_price: plain(figures.total),
    total_price_set: set(figures.total),
    total_shipping_price_set: set(figures.shipping),
    total_tax: plain(figures.tax),
    total_tax_set: set(figures.tax),
    total_tip_received: plain(order.tip),
  };
}

function applicationPayload(order: Order, discount: AppliedDiscount) {
  const isMoney = discount.type === "fixed_amount";
  return {
    target_type: discount.type === "shipping" ? "shipping_line" : "line_item",
    type: "discount_code",
    value: isMoney ? toDecimal(discount.value, order.currency) : discount.value.toFixed(1),
    value_type: isMoney ? "fixed_amount" : "percentage",
    allocation_method: discount.each ? "each" : "across",
    target_selection: discount.entitledOnly ? "entitled" : "all",
    code: discount.code,
  };
}

function linePayload(order: Order, line: OrderLine) {
  return {
    ...lineFields(order, line),
    attributed_staffs: [] as never[],
    current_quantity: currentQuantity(order, line),
    sales_line_item_group_id: null,
  };
}

function shippingPayload(order: Order, shipping: NonNullable<Order["shipping"]>) {
  const discounted = shipping.price - shipping.discount;
  return {
    id: shipping.id,
    carrier_identifier: null,
    code: shipping.title,
    current_discounted_price_set: moneySet(order, figuresOf(order).currentShipping),
    discounted_price: toDecimal(discounted, order.currency),
    discounted_price_set: moneySet(order, discounted),
    is_removed: false,
    phone: null,
    price: toDecimal(shipping.price, order.currency),
    price_set: moneySet(order, shipping.price),
    requested_fulfillment_service_id: null,
    source: "shopify",
    title: shipping.title,
    tax_lines: [] as never[],
    discount_allocations: shipping.discount > 0 ? [allocation(order, 0, shipping.discount)] : [],
  };
}

function addressPayload(order: Order) {
  if (!order.address) return null;
  return { ...namedAddress(order.address, order), latitude: null, longitude: null };
}

export type OrderPayload = ReturnType<typeof orderPayload>;
