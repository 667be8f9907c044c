import { html } from "../../html.ts";
import { type Answer, bodyOf, type Incoming, Refusal, redirect } from "../../http.ts";
import { advanceBulkWork } from "../discount-codes.ts";
import { formatMoney } from "../money.ts";
import { figuresOf } from "../order-figures.ts";
import { placeOrder } from "../orders.ts";
import type { Platform } from "../platform.ts";
import { judgeCode, price } from "../pricing.ts";
import type { Customer, OrderLine, Shop } from "../state.ts";
import { type StorePage, storePage } from "./theme.ts";
import { emptyCart } from "./visits.ts";

/** Minor units of the shop's currency. */
const SHIPPING = 500;

/** Units of each currency for one US dollar: only to show orders in a buyer's own currency. */
const PER_DOLLAR: Record<string, number> = { USD: 1, EUR: 0.9, GBP: 0.8, CAD: 1.4, JPY: 150, KWD: 0.3 };

interface Form {
  email: string;
  firstName: string;
  lastName: string;
  phone: string;
  currency: string;
  test: boolean;
}

/** GET shows the checkout; POST applies a code (`apply`) or places the order (`pay`, `pay-later`). */
export async function answerCheckout(platform: Platform, page: StorePage, request: Incoming): Promise<Answer> {
  const { shop, visit } = page;
  if (visit.lines.length === 0) return redirect(`${page.rootUrl}cart`);
  const customer = shop.customers.find((candidate) => candidate.id === visit.customerId) ?? null;
  if (request.method !== "POST") {
    const fromLink = request.url.searchParams.get("discount");
    if (fromLink) visit.discountCode = fromLink;
    return checkoutPage(page, prefilled(shop, customer), customer, null);
  }
  const body = bodyOf(request);
  const text = (name: string) => String(body[name] ?? "").trim();
  const form: Form = {
    email: text("email"),
    firstName: text("first_name"),
    lastName: text("last_name"),
    phone: text("phone"),
    currency: text("currency") || shop.currency,
    test: body.test === "on",
  };
  visit.discountCode = text("discount") || null;
  if (visit.discountCode) {
    advanceBulkWork(platform, shop);
    const verdict = judgeCode(shop, visit.discountCode, basketOf(shop, page), buyer(shop, form, customer), page.now);
    if (!verdict.accepted) {
      visit.discountCode = null;
      return checkoutPage(page, form, customer, verdict.because);
    }
  }
  if (text("action") === "apply") return checkoutPage(page, form, customer, null);
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(form.email)) return checkoutPage(page, form, customer, "Enter a valid email");
  try {
    const order = placeOrder(platform, shop, {
      email: form.email,
      firstName: form.firstName || null,
      lastName: form.lastName || null,
      phone: form.phone || null,
      lines: visit.lines.map(({ variantId, quantity }) => ({ productId: productId(shop, variantId), quantity })),
      ...(visit.discountCode ? { discountCode: visit.discountCode } : {}),
      attributes: visit.attributes,
      landingSite: visit.landingSite,
      referringSite: visit.referringSite,
      presentmentCurrency: form.currency,
      rate: rateOf(shop, form.currency),
      test: form.test,
      paid: text("action") !== "pay-later",
      shipping: SHIPPING,
      locale: page.locale,
      cartToken: visit.cartToken,
      browserIp: request.ip,
      userAgent: request.headers["user-agent"] ?? "",
    });
    emptyCart(visit);
    return redirect(`${page.rootUrl}checkouts/${order.token}/thank-you`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return checkoutPage(page, form, customer, error.message);
  }
}

const prefilled = (shop: Shop, customer: Customer | null): Form => ({
  email: customer?.email ?? "",
  firstName: customer?.firstName ?? "",
  lastName: customer?.lastName ?? "",
  phone: "",
  currency: shop.currency,
  test: false,
});

const productId = (shop: Shop, variantId: number) => shop.products.find((p) => p.variantId === variantId)?.id;

const rateOf = (shop: Shop, currency: string) => (PER_DOLLAR[currency] ?? 1) / (PER_DOLLAR[shop.currency] ?? 1);

/** A guest who types a known e-mail is that customer. */
function buyer(shop: Shop, form: Form, customer: Customer | null) {
  const known = shop.customers.find(({ email }) => email?.toLowerCase() === form.email.toLowerCase()) ?? null;
  return { email: form.email || null, customer: customer ?? known };
}

function basketOf(shop: Shop, page: StorePage): { lines: OrderLine[]; shippingPrice: number } {
  const lines = page.visit.lines.flatMap(({ variantId, quantity }): OrderLine[] => {
    const product = shop.products.find((candidate) => candidate.variantId === variantId);
    if (!product) return [];
    const { id, title, price: unitPrice, giftCard } = product;
    return [
      {
        id,
        productId: id,
        variantId,
        title,
        quantity,
        unitPrice,
        giftCard,
        sellingPlan: null,
        allocations: [],
        tax: 0,
      },
    ];
  });
  return { lines, shippingPrice: lines.some((line) => !line.giftCard) ? SHIPPING : 0 };
}

function checkoutPage(page: StorePage, form: Form, customer: Customer | null, error: string | null): Promise<Answer> {
  const { shop, visit } = page;
  const basket = basketOf(shop, page);
  const code = visit.discountCode;
  const verdict = code ? judgeCode(shop, code, basket, buyer(shop, form, customer), page.now) : null;
  const priced = price(shop, basket, verdict);
  const money = (minor: number) => formatMoney(minor, shop.currency, page.locale);
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const subtotal = sum(basket.lines.map((line) => line.unitPrice * line.quantity));
  const discount = sum(priced.discounts.map(({ amount }) => amount));
  const tax = sum(priced.lines.map((line) => line.tax));
  const total = subtotal + basket.shippingPrice - discount + (shop.taxesIncluded ? 0 : tax);
  const problem = error ?? (verdict && !verdict.accepted ? verdict.because : null);
  const currencies = [...new Set([shop.currency, ...Object.keys(PER_DOLLAR)])].map((currency) =>
    currency === form.currency ? html`<option selected>${currency}</option>` : html`<option>${currency}</option>`,
  );
  const row = (name: string, value: string) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`;
  const body = html`<h1>Checkout</h1>${problem && html`<p class="error" role="alert">${problem}</p>`}
<form method="post" action="${page.rootUrl}checkout" class="panel">
<label class="field">Email <input name="email" type="email" autocomplete="email" value="${form.email}"></label>
<label class="field">First name <input name="first_name" autocomplete="given-name" value="${form.firstName}"></label>
<label class="field">Last name <input name="last_name" autocomplete="family-name" value="${form.lastName}"></label>
<label class="field">Phone (optional) <input name="phone" type="tel" autocomplete="tel" value="${form.phone}"></label>
<label class="field">Discount code <input name="discount" autocomplete="off" value="${code ?? ""}"></label>
<button name="action" value="apply">Apply</button>
<table><tbody>${basket.lines.map((line) => row(`${line.title} × ${line.quantity}`, money(line.unitPrice * line.quantity)))}
${discount > 0 && row(`Discount ${code}`, `−${money(discount)}`)}
${basket.shippingPrice > 0 && row("Shipping", money(basket.shippingPrice))}
${tax > 0 && row(shop.taxesIncluded ? "Taxes (included)" : "Taxes", money(tax))}
${row("Total", money(total))}</tbody></table>
<label class="field">Pay in <select name="currency">${currencies}</select></label>
<label><input type="checkbox" name="test"${form.test && html` checked`}> Test order</label>
<p><button class="button" name="action" value="pay">Pay now</button> <button name="action" value="pay-later">Pay later</button></p>
</form>`;
  return storePage(page, { title: "Checkout", template: "checkout", body, embeds: false });
}

/** `/checkouts/{token}/thank-you` */
export function answerThankYou(page: StorePage, token: string): Promise<Answer> {
  const order = page.shop.orders.find((candidate) => candidate.token === token);
  const paid = order?.transactions.some(({ status }) => status === "SUCCESS");
  const body = order
    ? html`<h1>Thank you${order.firstName && `, ${order.firstName}`}!</h1>
<p>Your order <strong>#${order.number}</strong> is ${paid ? "confirmed" : "placed and waits for its payment"}:
${formatMoney(figuresOf(order).total, order.currency, page.locale)}.</p>
<p><a href="${page.rootUrl}">Continue shopping</a></p>`
    : html`<h1>There is no such order</h1>`;
  const status = order ? 200 : 404;
  return storePage(page, { title: "Thank you", template: "checkout", body, status, embeds: false });
}
