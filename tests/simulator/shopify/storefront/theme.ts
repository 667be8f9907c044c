import { readFileSync } from "node:fs";
import { type Html, html, scriptJson, trusted } from "../../html.ts";
import type { Answer } from "../../http.ts";
import { type Product, permanentDomain, type Shop } from "../state.ts";
import { cartView, hundredths } from "./cart.ts";
import { assetPath, type Block, type Extension } from "./extension.ts";
import { createLiquid } from "./liquid.ts";
import type { Visit } from "./visits.ts";

const css = trusted(readFileSync(new URL("./theme.css", import.meta.url), "utf8"));

/** One page of a storefront, while it is being made. */
export interface StorePage {
  shop: Shop;
  visit: Visit;
  extension: Extension | null;
  locale: string;
  /** "/" or "/fr/". */
  rootUrl: string;
  /** As the browser asked for it. */
  url: URL;
  assetBase: string;
  now: Date;
}

/** Liquid objects: https://shopify.dev/docs/api/liquid/objects, as far as an extension may need them. */
function liquidObjects(page: StorePage, template: string, product: Product | null): Record<string, unknown> {
  const { shop, visit, rootUrl, url } = page;
  const customer = shop.customers.find((candidate) => candidate.id === visit.customerId);
  const origin = url.origin;
  return {
    shop: {
      id: shop.id,
      name: shop.name,
      email: shop.email,
      domain: new URL(shop.primaryDomainUrl).host,
      permanent_domain: permanentDomain(shop),
      url: shop.primaryDomainUrl,
      secure_url: shop.primaryDomainUrl,
      currency: shop.currency,
      locale: shop.locale,
      enabled_currencies: [{ iso_code: shop.currency }],
    },
    customer: customer
      ? {
          id: customer.id,
          email: customer.email,
          phone: customer.phone,
          first_name: customer.firstName,
          last_name: customer.lastName,
          name: [customer.firstName, customer.lastName].filter(Boolean).join(" "),
          has_account: true,
          accepts_marketing: customer.marketingState === "SUBSCRIBED",
          orders_count: shop.orders.filter((order) => order.customerId === customer.id).length,
          tags: [],
        }
      : null,
    request: {
      path: url.pathname,
      host: url.host,
      origin,
      design_mode: false,
      visual_preview_mode: false,
      page_type: template,
      locale: { iso_code: page.locale, primary: page.locale === shop.locale, root_url: rootUrl },
    },
    routes: {
      root_url: rootUrl,
      cart_url: `${rootUrl}cart`,
      cart_add_url: `${rootUrl}cart/add`,
      cart_update_url: `${rootUrl}cart/update`,
      account_url: `${rootUrl}account`,
      account_login_url: `${rootUrl}account/login`,
      account_register_url: `${rootUrl}account/register`,
      account_logout_url: `${rootUrl}account/logout`,
    },
    localization: {
      language: { iso_code: page.locale, root_url: rootUrl },
      country: { iso_code: shop.country, currency: { iso_code: shop.currency } },
    },
    cart: cartView(shop, visit),
    template: { name: template, directory: null, suffix: null },
    canonical_url: origin + url.pathname,
    page_title: shop.name,
    settings: {},
    product: product && {
      id: product.id,
      title: product.title,
      handle: product.handle,
      price: hundredths(product.price, shop.currency),
      url: `${rootUrl}products/${product.handle}`,
      available: true,
      selected_or_first_available_variant: { id: product.variantId, price: hundredths(product.price, shop.currency) },
    },
  };
}

const engineOf = (page: StorePage) => createLiquid({ ...page, currency: page.shop.currency });

async function renderBlocks(page: StorePage, targets: Block["schema"]["target"][], objects: Record<string, unknown>) {
  const { extension } = page;
  const blocks = extension?.blocks.filter(({ schema }) => targets.includes(schema.target)) ?? [];
  const engine = engineOf(page);
  const body: string[] = [];
  const head: Html[] = [];
  for (const [index, { name, source, schema }] of blocks.entries()) {
    const id = `A${index}${Buffer.from(name).toString("hex").slice(0, 16)}`;
    const defaults = Object.fromEntries((schema.settings ?? []).filter((s) => s.id).map((s) => [s.id, s.default]));
    const settings = { ...defaults, ...page.shop.blockSettings };
    const block = {
      id,
      type: `shopify://apps/app/blocks/${name}/${id}`,
      settings,
      shopify_attributes: `data-shopify-editor-block='{"id":"${id}","type":"${name}"}'`,
    };
    const rendered = await engine.parseAndRender(source, { ...objects, block });
    const wrapper = schema.target === "section" ? "shopify-block shopify-app-block" : "shopify-block";
    body.push(
      schema.target === "section" || schema.target === "body"
        ? `<div id="shopify-block-${id}" class="${wrapper}">${rendered}</div>`
        : rendered,
    );
    const asset = (file: string) => page.assetBase + (extension ? assetPath(extension, file) : "");
    if (schema.stylesheet) head.push(html`<link rel="stylesheet" href="${asset(schema.stylesheet)}">\n`);
    if (schema.javascript) head.push(html`<script src="${asset(schema.javascript)}" defer></script>\n`);
  }
  return { body: trusted(body.join("\n")), head };
}

/**
 * The theme's layout around a page's content, with every app embed (`embeds: false` for the checkout, which has no theme) and
 * with app blocks where `blocks` says so.
 */
export async function storePage(
  page: StorePage,
  content: {
    title: string;
    template: string;
    body: Html;
    blocks?: boolean;
    embeds?: boolean;
    product?: Product;
    status?: number;
  },
): Promise<Answer> {
  const { shop, rootUrl, visit } = page;
  const objects = liquidObjects(page, content.template, content.product ?? null);
  const hasEmbeds = content.embeds !== false;
  const headBlocks = await renderBlocks(page, hasEmbeds ? ["head", "compliance_head"] : [], objects);
  const embeds = await renderBlocks(page, hasEmbeds ? ["body"] : [], objects);
  const blocks = content.blocks ? await renderBlocks(page, ["section"], objects) : null;
  const count = visit.lines.reduce((total, line) => total + line.quantity, 0);
  const globals = {
    shop: permanentDomain(shop),
    locale: page.locale,
    currency: { active: shop.currency, rate: "1.0" },
    country: shop.country,
    theme: { name: "Simulated theme", id: 1, role: "main" },
    routes: { root: rootUrl },
  };
  const markup = html`<!doctype html>
<html lang="${page.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${content.title} – ${shop.name}</title>
<style>${css}</style>
<script>window.Shopify = Object.assign(window.Shopify || {}, ${scriptJson(globals)});</script>
${headBlocks.body}${headBlocks.head}${embeds.head}${blocks?.head}
</head>
<body class="template-${content.template}">
<header class="site-header"><a class="site-name" href="${rootUrl}">${shop.name}</a>
<nav aria-label="Shop"><a href="${rootUrl}pages/refer">Refer a friend</a> <a href="${rootUrl}account">Account</a>
<a href="${rootUrl}cart">Cart (${count})</a></nav></header>
<main>${content.body}${blocks && html`<section class="shopify-section">${blocks.body}</section>`}</main>
<footer>A simulated storefront · ${shop.currency}</footer>
${embeds.body}
</body>
</html>`;
  return {
    status: content.status ?? 200,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: markup.markup,
  };
}

/** An app-proxy answer of type application/liquid, inside the layout unless it says `{% layout none %}`. */
export async function liquidPage(page: StorePage, source: string, status: number): Promise<Answer> {
  const bare = source.replace(/{%-?\s*layout\s+none\s*-?%}/, "");
  const rendered = trusted(await engineOf(page).parseAndRender(bare, liquidObjects(page, "app-proxy", null)));
  if (bare === source) return storePage(page, { title: page.shop.name, template: "app-proxy", body: rendered, status });
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body: rendered.markup };
}
