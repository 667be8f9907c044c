import { html } from "../../html.ts";
import { type Answer, bodyOf, type Incoming, Refusal, redirect } from "../../http.ts";
import { createCustomer, findCustomer } from "../customers.ts";
import { formatMoney } from "../money.ts";
import { figuresOf } from "../order-figures.ts";
import type { Platform } from "../platform.ts";
import { type StorePage, storePage } from "./theme.ts";

/**
 * Customer accounts without passwords: anybody signs in as any customer.
 * @param path below `/account`: "", "/login", "/register", "/logout".
 */
export async function answerAccount(
  platform: Platform,
  page: StorePage,
  path: string,
  request: Incoming,
): Promise<Answer> {
  const { shop, visit, rootUrl } = page;
  const account = `${rootUrl}account`;
  if (path === "/logout") {
    visit.customerId = null;
    return redirect(rootUrl);
  }
  if (request.method !== "POST") return path === "" && visit.customerId ? signedIn(page) : signedOut(page, null);
  const body = bodyOf(request);
  const text = (name: string) => String(body[name] ?? "").trim();
  const returnTo = /^\/(?!\/)/.test(text("return_to")) ? text("return_to") : account;
  if (path === "/login") {
    const customer = findCustomer(shop, { email: text("email") });
    if (!customer) return signedOut(page, `There is no customer with the e-mail ${text("email")}`);
    visit.customerId = customer.id;
    return redirect(returnTo);
  }
  if (path !== "/register") return signedOut(page, "There is no such account page");
  try {
    const customer = createCustomer(platform, shop, {
      email: text("email"),
      firstName: text("first_name") || null,
      lastName: text("last_name") || null,
      locale: page.locale,
      marketingState: body.accepts_marketing === "on" ? "SUBSCRIBED" : "NOT_SUBSCRIBED",
    });
    visit.customerId = customer.id;
    return redirect(returnTo);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return signedOut(page, error.message);
  }
}

function signedIn(page: StorePage): Promise<Answer> {
  const { shop, visit, rootUrl } = page;
  const customer = shop.customers.find((candidate) => candidate.id === visit.customerId);
  const orders = shop.orders.filter((order) => order.customerId === visit.customerId).reverse();
  const rows = orders.map(
    (order) => html`<tr><td>#${order.number}</td><td>${order.createdAt.slice(0, 10)}</td>
<td>${formatMoney(figuresOf(order).currentTotal, order.currency, page.locale)}</td></tr>`,
  );
  const body = html`<h1>Account</h1><p>Signed in as ${[customer?.firstName, customer?.lastName].filter(Boolean).join(" ")}
(${customer?.email}). <a href="${rootUrl}account/logout">Sign out</a></p>
<p><a href="${rootUrl}pages/refer">Refer a friend</a></p>
<h2>Orders</h2><table><tbody>${rows}</tbody></table>${rows.length === 0 && html`<p>No orders yet.</p>`}`;
  return storePage(page, { title: "Account", template: "customers/account", body });
}

function signedOut(page: StorePage, error: string | null): Promise<Answer> {
  const { shop, rootUrl, url } = page;
  const known = shop.customers.filter(({ email }) => email).slice(-50);
  const back = html`<input type="hidden" name="return_to" value="${url.searchParams.get("return_to") ?? ""}">`;
  const buttons = known.map(({ email, firstName, lastName }) => {
    const name = [firstName, lastName].filter(Boolean).join(" ");
    return html`<p><button name="email" value="${email}">${name || email}</button> ${name && email}</p>`;
  });
  const body = html`<h1>Sign in</h1>${error && html`<p class="error" role="alert">${error}</p>`}
<form class="panel" method="post" action="${rootUrl}account/login">${back}
<label class="field">E-mail <input name="email" type="email" required></label><button class="button">Sign in</button></form>
<details class="panel"><summary>Choose a customer of this simulated shop</summary>
<form method="post" action="${rootUrl}account/login">${back}${buttons}</form></details>
<form class="panel" method="post" action="${rootUrl}account/register">${back}<h2>Create an account</h2>
<label class="field">First name <input name="first_name"></label>
<label class="field">Last name <input name="last_name"></label>
<label class="field">E-mail address <input name="email" type="email" required></label>
<label><input type="checkbox" name="accepts_marketing"> Send me news</label>
<p><button class="button">Create account</button></p></form>`;
  return storePage(page, { title: "Sign in", template: "customers/login", body });
}
