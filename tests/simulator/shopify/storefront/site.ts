import { html } from "../../html.ts";
import { type Answer, bodyOf, type Incoming, redirect } from "../../http.ts";
import { answerCdn } from "../cdn.ts";
import { formatMoney } from "../money.ts";
import type { Platform } from "../platform.ts";
import type { Shop } from "../state.ts";
import { answerAccount } from "./account.ts";
import { answerCartApi } from "./cart.ts";
import { answerCheckout, answerThankYou } from "./checkout.ts";
import { readExtension } from "./extension.ts";
import { callProxy, proxyPrefix } from "./proxy.ts";
import { liquidPage, type StorePage, storePage } from "./theme.ts";
import { findVisit, rememberLanding, type Visits, visitCookie } from "./visits.ts";

const LOCAL_CDN = "/cdn";

/**
 * A shop's storefront, the same under its real host names and under plain http on localhost.
 * @param realHost true where the browser resolves cdn.shopify.com to us.
 */
export async function answerStorefront(
  platform: Platform,
  visits: Visits,
  shop: Shop,
  request: Incoming,
  realHost: boolean,
): Promise<Answer> {
  if (request.url.pathname.startsWith(`${LOCAL_CDN}/`)) {
    return answerCdn(platform, request.url.pathname.slice(LOCAL_CDN.length));
  }
  if (request.url.pathname === "/favicon.ico") return { status: 204 };
  const extension = readExtension(platform.extensionDir);
  const visit = findVisit(visits, shop, request);
  const { locale, rootUrl, path } = localeOf(shop, extension?.locales ?? [], request);
  const assetBase = realHost ? "https://cdn.shopify.com" : LOCAL_CDN;
  const now = platform.clock.now();
  const page: StorePage = { shop, visit, extension, locale, rootUrl, url: request.url, assetBase, now };
  const answer = await route(platform, page, path, request);
  const isPage = request.method === "GET" && answer.status === 200;
  if (isPage && String(answer.headers?.["content-type"]).startsWith("text/html")) rememberLanding(visit, request);
  return { ...answer, headers: { ...answer.headers, "set-cookie": visitCookie(shop, visit) } };
}

/** From a path prefix (/fr/…), `?locale=`, or the browser's wish where the extension speaks it. */
function localeOf(shop: Shop, spoken: string[], request: Incoming): { locale: string; rootUrl: string; path: string } {
  const { pathname, searchParams } = request.url;
  const [, prefix] = pathname.match(/^\/([a-z]{2}(?:-[A-Za-z]{2})?)(?=\/|$)/) ?? [];
  if (prefix && prefix !== shop.locale && spoken.includes(prefix)) {
    return { locale: prefix, rootUrl: `/${prefix}/`, path: pathname.slice(prefix.length + 1) || "/" };
  }
  const wished = request.headers["accept-language"]?.split(",")[0]?.trim().slice(0, 2).toLowerCase();
  const candidates = [searchParams.get("locale"), wished];
  const locale = candidates.find((candidate) => candidate && spoken.includes(candidate)) ?? shop.locale;
  return { locale, rootUrl: "/", path: pathname };
}

async function route(platform: Platform, page: StorePage, path: string, request: Incoming): Promise<Answer> {
  const prefix = proxyPrefix(platform);
  if (prefix && (path === prefix || path.startsWith(`${prefix}/`))) {
    return proxied(platform, page, path.slice(prefix.length), request);
  }
  const [, cartAction] = path.match(/^\/cart((?:\/\w+)?)\.js$/) ?? [];
  if (cartAction !== undefined) return answerCartApi(page.shop, page.visit, cartAction, request);
  const [, account] = path.match(/^\/account((?:\/\w+)?)$/) ?? [];
  if (account !== undefined) return answerAccount(platform, page, account, request);
  const [, thankYou] = path.match(/^\/checkouts\/(\w+)\/thank-you$/) ?? [];
  if (thankYou) return answerThankYou(page, thankYou);
  const [, code] = path.match(/^\/discount\/([^/]+)$/) ?? [];
  if (code) return discountLink(page, decodeURIComponent(code));
  const [, handle] = path.match(/^\/products\/([^/]+)$/) ?? [];
  if (handle) return productPage(page, handle);
  switch (path) {
    case "/":
    case "/collections/all":
      return homePage(page);
    case "/cart":
      return cartPage(page, request);
    case "/cart/add":
      answerCartApi(page.shop, page.visit, "/add", request);
      return redirect(`${page.rootUrl}cart`);
    case "/cart/update":
      answerCartApi(page.shop, page.visit, "/update", request);
      return redirect(`${page.rootUrl}cart`);
    case "/checkout":
      return answerCheckout(platform, page, request);
    case "/pages/refer":
      return storePage(page, {
        title: "Refer a friend",
        template: "page",
        body: html`<h1>Refer a friend</h1>`,
        blocks: true,
      });
    default:
      return storePage(page, { title: "Not found", template: "404", body: html`<h1>Page not found</h1>`, status: 404 });
  }
}

async function proxied(platform: Platform, page: StorePage, path: string, request: Incoming): Promise<Answer> {
  const answer = await callProxy(platform, page.shop, {
    method: request.method,
    path,
    query: request.url.searchParams,
    headers: request.headers,
    body: request.body,
    ip: request.ip,
    customerId: page.visit.customerId,
  });
  if (!String(answer.headers?.["content-type"]).startsWith("application/liquid")) return answer;
  return liquidPage(page, String(answer.body), answer.status);
}

/** Remembers the code, goes to a path of this shop only, and lets every other parameter ride along. */
function discountLink(page: StorePage, code: string): Answer {
  page.visit.discountCode = code;
  const query = new URLSearchParams(page.url.searchParams);
  const wanted = query.get("redirect") ?? page.rootUrl;
  query.delete("redirect");
  const target = new URL(/^\/(?![/\\])/.test(wanted) ? wanted : page.rootUrl, page.url.origin);
  for (const [key, value] of query) target.searchParams.append(key, value);
  return redirect(target.pathname + target.search, 302);
}

function homePage(page: StorePage): Promise<Answer> {
  const cards = page.shop.products.map(
    (
      product,
    ) => html`<article class="panel"><h2><a href="${page.rootUrl}products/${product.handle}">${product.title}</a></h2>
<p>${formatMoney(product.price, page.shop.currency, page.locale)}</p></article>`,
  );
  const body = html`<h1>Welcome to ${page.shop.name}</h1><div class="grid">${cards}</div>`;
  return storePage(page, { title: "Home", template: "index", body });
}

function productPage(page: StorePage, handle: string): Promise<Answer> {
  const product = page.shop.products.find((candidate) => candidate.handle === handle);
  if (!product) {
    return storePage(page, { title: "Not found", template: "404", body: html`<h1>No such product</h1>`, status: 404 });
  }
  const body = html`<h1>${product.title}</h1><p>${formatMoney(product.price, page.shop.currency, page.locale)}</p>
<form method="post" action="${page.rootUrl}cart/add"><input type="hidden" name="id" value="${product.variantId}">
<label>Quantity <input name="quantity" type="number" min="1" value="1"></label>
<button class="button">Add to cart</button></form>`;
  return storePage(page, { title: product.title, template: "product", body, product });
}

/** GET shows the cart, POST changes quantities and goes on to the checkout if asked. */
function cartPage(page: StorePage, request: Incoming): Promise<Answer> | Answer {
  const { shop, visit, rootUrl } = page;
  if (request.method === "POST") {
    const body = bodyOf(request);
    for (const line of visit.lines) line.quantity = Number(body[`quantity-${line.variantId}`] ?? line.quantity);
    visit.lines = visit.lines.filter(({ quantity }) => quantity > 0);
    return redirect("checkout" in body ? `${rootUrl}checkout` : `${rootUrl}cart`);
  }
  const rows = visit.lines.flatMap(({ variantId, quantity }) => {
    const product = shop.products.find((candidate) => candidate.variantId === variantId);
    if (!product) return [];
    return [
      html`<tr><td>${product.title}</td><td><label>Quantity
<input name="quantity-${variantId}" type="number" min="0" value="${quantity}"></label></td>
<td>${formatMoney(product.price * quantity, shop.currency, page.locale)}</td></tr>`,
    ];
  });
  const body = html`<h1>Cart</h1>${
    rows.length === 0
      ? html`<p>Your cart is empty. <a href="${rootUrl}">Continue shopping</a></p>`
      : html`<form method="post" action="${rootUrl}cart"><table><tbody>${rows}</tbody></table>
<p><button name="update">Update</button> <button class="button" name="checkout">Check out</button></p></form>`
  }`;
  return storePage(page, { title: "Cart", template: "cart", body });
}
