import { type Html, html } from "../html.ts";
import { type Answer, bodyOf, type Incoming, json, Refusal, redirect } from "../http.ts";
import { framePage, nativePage } from "./admin-layout.ts";
import { deleteDiscount, mustFindDiscount } from "./discounts.ts";
import { frameUrl, signIdToken } from "./id-token.ts";
import { formatMoney, fromDecimal } from "./money.ts";
import { currentQuantity, figuresOf, financialStatus } from "./order-figures.ts";
import { mustFindOrder, payOrder } from "./orders.ts";
import { findShop, installApp, type Platform, uninstallApp } from "./platform.ts";
import { discountStatus } from "./pricing.ts";
import { cancelOrder, refundOrder } from "./refunds.ts";
import { gid, type Order, type Shop, type Transaction } from "./state.ts";

/**
 * The merchant's admin: its own pages, and the page that frames the app.
 * @param appOrigin where the browser reaches the app: its own address, or the tunnel's.
 */
export function answerAdmin(platform: Platform, request: Incoming, appOrigin: string): Answer {
  const { pathname } = request.url;
  if (pathname === "/") return shopList(platform);
  if (pathname === "/favicon.ico") return { status: 204 };
  const [, handle = "", path = "/"] = pathname.match(/^\/store\/([^/]+)(\/.*)?$/) ?? [];
  const shop = findShop(platform, handle);
  if (!shop) return { status: 404, headers: { "content-type": "text/html" }, body: "There is no such store" };

  const [, section = "orders", rest = ""] = path.match(/^\/([^/]+)(\/.*)?$/) ?? [];
  switch (section) {
    case "orders":
      return orders(platform, shop, request, rest);
    case "customers":
      return customers(platform, shop);
    case "products":
      return products(platform, shop);
    case "discounts":
      return discounts(platform, shop, request, rest);
    case "apps":
      return app(platform, shop, request, rest, appOrigin);
    case "app-api":
      return appApi(platform, shop, rest);
    default:
      return nativePage(platform, shop, {
        title: "Not simulated",
        current: "",
        status: 404,
        body: html`<p>The admin page <code>${path}</code> is not part of the simulator.</p>`,
      });
  }
}

function shopList(platform: Platform): Answer {
  const rows = platform.state.shops.map(
    (shop) =>
      html`<li><a href="/store/${shop.handle}/apps/${platform.app.apiKey}">${shop.name}</a> (${shop.currency})</li>`,
  );
  const markup = html`<!doctype html><html lang="en"><meta charset="utf-8"><title>Simulated Shopify</title>
<body style="font:16px/1.5 system-ui;margin:3rem"><h1>Simulated Shopify</h1><ul>${rows}</ul></body></html>`;
  return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: markup.markup };
}

function app(platform: Platform, shop: Shop, request: Incoming, rest: string, appOrigin: string): Answer {
  const base = `/store/${shop.handle}/apps/${platform.app.apiKey}`;
  const [, key, path = "/"] = rest.match(/^\/([^/]+)(\/.*)?$/) ?? [];
  if (key !== platform.app.apiKey) {
    return nativePage(platform, shop, { title: "No such app", current: "", status: 404, body: html`` });
  }
  if (request.method === "POST") {
    if (path === "/install") installApp(platform, shop);
    if (path === "/uninstall") uninstallApp(platform, shop);
    return redirect(base);
  }
  if (!shop.installedAt) return consentPage(platform, shop, base);
  if (path === "/uninstall") return uninstallPage(platform, shop, base);
  const inApp = path === "/" ? new URL(platform.app.toml.applicationUrl || platform.app.url).pathname : path;
  const src = frameUrl(platform, shop, inApp + request.url.search, { origin: appOrigin });
  return framePage(platform, shop, src);
}

function consentPage(platform: Platform, shop: Shop, base: string): Answer {
  const { name, scopes } = platform.app.toml;
  const list = scopes.map((scope) => html`<li><code>${scope}</code></li>`);
  return nativePage(platform, shop, {
    title: `Install ${name}`,
    current: `/apps/${platform.app.apiKey}`,
    body: html`<div class="card"><p>${name} asks for these permissions in ${shop.name}:</p><ul>${list}</ul>
<form method="post" action="${base}/install"><button class="primary">Install</button></form></div>`,
  });
}

function uninstallPage(platform: Platform, shop: Shop, base: string): Answer {
  const { name } = platform.app.toml;
  return nativePage(platform, shop, {
    title: `Uninstall ${name}`,
    current: `/apps/${platform.app.apiKey}`,
    body: html`<div class="card"><p>${name} loses its access at once.</p>
<form method="post" action="${base}/uninstall"><button class="critical">Uninstall</button></form></div>`,
  });
}

/** What the page around the frame asks for. */
function appApi(platform: Platform, shop: Shop, rest: string): Answer {
  if (rest === "/id-token") return json(200, { idToken: signIdToken(platform, shop) });
  if (rest === "/products") {
    return json(
      200,
      shop.products.map(({ id, title, handle }) => ({ id: gid("Product", id), title, handle })),
    );
  }
  throw new Refusal(404, "Not part of the simulated admin");
}

function orders(platform: Platform, shop: Shop, request: Incoming, rest: string): Answer {
  const [, id, action] = rest.match(/^\/(\d+)(?:\/(pay|cancel|refund))?$/) ?? [];
  if (!id) return orderList(platform, shop);
  const order = mustFindOrder(shop, Number(id));
  if (request.method !== "POST" || !action) return orderPage(platform, shop, order, null);
  try {
    act(platform, shop, order, action, bodyOf(request));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return orderPage(platform, shop, order, error.message);
  }
  return redirect(`/store/${shop.handle}/orders/${order.id}`);
}

function act(platform: Platform, shop: Shop, order: Order, action: string, form: Record<string, unknown>): void {
  if (action === "pay") payOrder(platform, shop, order);
  if (action === "cancel") cancelOrder(platform, shop, order, { reason: "customer", refund: form.refund === "on" });
  if (action !== "refund") return;
  const transactionStatus: Transaction["status"] = form.failure === "on" ? "FAILURE" : "SUCCESS";
  if (form.whole === "yes") return void refundOrder(platform, shop, order, { transactionStatus });
  const lines = order.lines
    .map((line) => ({ lineId: line.id, quantity: Number(form[`line-${line.id}`] ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
  const amount = form.amount ? fromDecimal(String(form.amount), order.currency) : undefined;
  refundOrder(platform, shop, order, { lines, amount, transactionStatus });
}

function orderList(platform: Platform, shop: Shop): Answer {
  const rows = shop.orders
    .slice(-200)
    .reverse()
    .map((order) => {
      const at = order.createdAt.replace("T", " ").replace("Z", "");
      return html`<tr><td><a href="/store/${shop.handle}/orders/${order.id}">#${order.number}</a></td><td>${at}</td>
<td>${order.email ?? "No customer"}</td><td>${formatMoney(figuresOf(order).currentTotal, order.currency)}</td>
<td>${badges(order)}</td></tr>`;
    });
  return list(platform, shop, "Orders", "/orders", ["Order", "Date", "Customer", "Total", "Status"], rows);
}

function badges(order: Order): Html {
  const words = financialStatus(order).toLowerCase().replaceAll("_", " ");
  return html`<span class="badge">${words}</span>${order.cancelledAt && html` <span class="badge">cancelled</span>`}
${order.test && html` <span class="badge">test</span>`}`;
}

function orderPage(platform: Platform, shop: Shop, order: Order, error: string | null): Answer {
  const action = (name: string) => `/store/${shop.handle}/orders/${order.id}/${name}`;
  const money = (minor: number) => formatMoney(minor, order.currency);
  const figures = figuresOf(order);
  const lines = order.lines.map((line) => {
    const left = currentQuantity(order, line);
    return html`<tr><td>${line.title}</td><td>${line.quantity} × ${money(line.unitPrice)}</td><td>
<label>Refund quantity <input name="line-${line.id}" type="number" min="0" max="${left}" value="0" form="refund"></label></td></tr>`;
  });
  const status = financialStatus(order);
  const refundable = status === "PAID" || status === "PARTIALLY_REFUNDED";
  const attributes = order.attributes.map(({ name, value }) => html`<li><code>${name}</code>: ${value}</li>`);
  return nativePage(platform, shop, {
    title: `Order #${order.number}`,
    current: "/orders",
    error,
    body: html`<p>${badges(order)} ${order.email ?? "No customer"} · ${order.createdAt}</p>
<div class="card"><table><tbody>${lines}</tbody></table>
<p>Total ${money(figures.total)}, discounts ${money(figures.discounts)}, refunded ${money(figures.refunded)}.
Codes: ${order.discounts.map(({ code }) => code).join(", ") || "none"}. Landing page: ${order.landingSite ?? "unknown"}.</p><ul>${attributes}</ul></div>
${
  status === "PENDING" &&
  html`<form class="card" method="post" action="${action("pay")}"><button class="primary">Mark as paid</button></form>`
}
${
  refundable &&
  html`<form class="card" id="refund" method="post" action="${action("refund")}"><h2>Refund</h2>
<label>Amount (empty: what the lines are worth) <input name="amount" inputmode="decimal"></label>
<label><input type="checkbox" name="failure"> The payment provider refuses</label>
<button>Refund lines or amount</button> <button name="whole" value="yes">Refund everything</button></form>`
}
${
  !order.cancelledAt &&
  html`<form class="card" method="post" action="${action("cancel")}"><h2>Cancel</h2>
${refundable && html`<label><input type="checkbox" name="refund" checked> Refund the payment</label>`}
<button class="critical">Cancel order</button></form>`
}`,
  });
}

function customers(platform: Platform, shop: Shop): Answer {
  const rows = shop.customers
    .slice(-200)
    .reverse()
    .map((customer) => {
      const count = shop.orders.filter((order) => order.customerId === customer.id).length;
      return html`<tr><td>${[customer.firstName, customer.lastName].filter(Boolean).join(" ")}</td>
<td>${customer.email ?? customer.phone}</td><td>${customer.marketingState.toLowerCase().replaceAll("_", " ")}</td><td>${count}</td></tr>`;
    });
  return list(platform, shop, "Customers", "/customers", ["Name", "Contact", "E-mail marketing", "Orders"], rows);
}

function products(platform: Platform, shop: Shop): Answer {
  const rows = shop.products.map(
    (product) => html`<tr><td>${product.title}</td><td>${formatMoney(product.price, shop.currency)}</td></tr>`,
  );
  return list(platform, shop, "Products", "/products", ["Product", "Price"], rows);
}

function discounts(platform: Platform, shop: Shop, request: Incoming, rest: string): Answer {
  const [, id] = rest.match(/^\/(\d+)\/delete$/) ?? [];
  if (request.method === "POST" && id) {
    deleteDiscount(platform, shop, mustFindDiscount(shop, Number(id)));
    return redirect(`/store/${shop.handle}/discounts`);
  }
  const rows = shop.discounts.map((discount) => {
    const codes = Object.values(shop.codes).filter((code) => code.discountId === discount.id);
    const used = codes.filter((code) => code.uses.length > 0).length;
    const sample = codes
      .slice(0, 5)
      .map(({ code }) => code)
      .join(", ");
    return html`<tr><td>${discount.title}</td><td>${discountStatus(discount, platform.clock.now()).toLowerCase()}</td>
<td>${codes.length}, ${used} used</td><td>${sample}${codes.length > 5 && " …"}</td>
<td><form method="post" action="/store/${shop.handle}/discounts/${discount.id}/delete">
<button class="critical" aria-label="Delete ${discount.title}">Delete</button></form></td></tr>`;
  });
  return list(platform, shop, "Discounts", "/discounts", ["Title", "Status", "Codes", "For example", "Delete"], rows);
}

function list(platform: Platform, shop: Shop, title: string, current: string, heads: string[], rows: Html[]): Answer {
  const body = html`<div class="card"><table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table>${rows.length === 0 && html`<p>Nothing here yet.</p>`}</div>`;
  return nativePage(platform, shop, { title, current, body });
}
