import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Context,
  type Emitter,
  Liquid,
  type Parser,
  Tag,
  type TagToken,
  type Template,
  type TopLevelToken,
} from "liquidjs";
import { escapeHtml } from "../../html.ts";
import { exponentOf } from "../money.ts";
import { assetPath, type Extension } from "./extension.ts";

/** What an engine knows of the page that it renders. */
interface LiquidPage {
  extension: Extension | null;
  locale: string;
  currency: string;
  /** Address before `/extensions/…`: the real CDN's, or a path of this storefront. */
  assetBase: string;
}

/**
 * Liquid as a theme app extension may use it: Shopify's filters and tags as far as they make sense outside a theme.
 * An unknown filter or tag is an error, as it is for Shopify.
 */
export function createLiquid(page: LiquidPage): Liquid {
  const { extension } = page;
  const snippet = (name: string) =>
    join(extension?.folder ?? "", "snippets", `${name.replace(/\.liquid$/, "")}.liquid`);
  const engine = new Liquid({
    strictFilters: true,
    relativeReference: false,
    fs: {
      sep: "/",
      dirname: () => "",
      resolve: (_root, file) => file,
      contains: async () => true,
      containsSync: () => true,
      exists: async (file) => existsSync(snippet(file)),
      existsSync: (file) => existsSync(snippet(file)),
      readFile: async (file) => readFileSync(snippet(file), "utf8"),
      readFileSync: (file) => readFileSync(snippet(file), "utf8"),
    },
  });
  addFilters(engine, page);
  addTags(engine);
  return engine;
}

function addFilters(engine: Liquid, page: LiquidPage): void {
  const words = page.extension?.translations(page.locale) ?? {};
  const fallback = page.extension?.translations(page.extension.locales[0] ?? "") ?? {};
  const translate = (key: string, ...values: unknown[]) =>
    interpolate(key, lookUp(words, key, values) ?? lookUp(fallback, key, values), page.locale, values);
  const money = (style: "symbol" | "code" | "none", trim: boolean) => (cents: unknown) =>
    formatCents(Number(cents ?? 0), page, style, trim);

  engine.registerFilter("t", translate);
  engine.registerFilter("translate", translate);
  engine.registerFilter("asset_url", (file: string) =>
    page.extension ? page.assetBase + assetPath(page.extension, file) : file,
  );
  engine.registerFilter(
    "stylesheet_tag",
    (url: string) => `<link href="${escapeHtml(url)}" rel="stylesheet" media="all">`,
  );
  engine.registerFilter("script_tag", (url: string) => `<script src="${escapeHtml(url)}"></script>`);
  engine.registerFilter("money", money("symbol", false));
  engine.registerFilter("money_with_currency", money("code", false));
  engine.registerFilter("money_without_currency", money("none", false));
  engine.registerFilter("money_without_trailing_zeros", money("symbol", true));
  const handleize = (value: unknown) =>
    String(value)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "");
  engine.registerFilter("handle", handleize);
  engine.registerFilter("handleize", handleize);
}

/** The text of a dotted key; an object of plural forms is chosen from by `count`. */
function lookUp(words: Record<string, unknown>, key: string, values: unknown[]): string | null {
  let found: unknown = words;
  for (const part of key.split(".")) {
    found = found !== null && typeof found === "object" ? Reflect.get(found, part) : undefined;
  }
  if (typeof found === "string") return found;
  if (found === null || typeof found !== "object") return null;
  const count = Number(namedValues(values).get("count"));
  const form = new Intl.PluralRules("en").select(count);
  const text = Reflect.get(found, form) ?? Reflect.get(found, "other");
  return typeof text === "string" ? text : null;
}

function namedValues(values: unknown[]): Map<string, unknown> {
  return new Map(values.filter((value): value is [string, unknown] => Array.isArray(value)));
}

/** Texts are escaped unless their key ends in `_html`; then only what is put into them is. */
function interpolate(key: string, text: string | null, locale: string, values: unknown[]): string {
  if (text === null) return `Translation missing: ${locale}.${key}`;
  const isHtml = key.endsWith("_html");
  const given = namedValues(values);
  const filled = text.replace(/{{\s*(\w+)\s*}}/g, (_whole, name: string) => {
    const value = String(given.get(name) ?? "");
    return isHtml ? escapeHtml(value) : value;
  });
  return isHtml ? filled : escapeHtml(filled);
}

/** Liquid counts money in hundredths whatever the currency: ¥1,000 is 100000. */
function formatCents(cents: number, page: LiquidPage, style: "symbol" | "code" | "none", trim: boolean): string {
  const digits = trim && cents % 100 === 0 ? 0 : exponentOf(page.currency);
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  if (style === "none") return new Intl.NumberFormat(page.locale, options).format(cents / 100);
  const shown = new Intl.NumberFormat(page.locale, { style: "currency", currency: page.currency, ...options });
  return style === "code" ? `${shown.format(cents / 100)} ${page.currency}` : shown.format(cents / 100);
}

function addTags(engine: Liquid): void {
  engine.registerTag(
    "schema",
    textTag(() => ""),
  );
  engine.registerTag(
    "stylesheet",
    textTag((body) => `<style data-shopify>${body}</style>`),
  );
  engine.registerTag(
    "javascript",
    textTag((body) => `<script>${body}</script>`),
  );
  engine.registerTag("style", wrappingTag("<style data-shopify>", "</style>"));
  const form = '<form method="post" action="/contact#contact_form" accept-charset="UTF-8">';
  engine.registerTag("form", wrappingTag(form, "</form>"));
}

type TagClass = Extract<Parameters<Liquid["registerTag"]>[1], abstract new (...given: never[]) => unknown>;

/** A tag whose body is text, not Liquid. */
function textTag(print: (body: string) => string): TagClass {
  return class extends Tag {
    readonly body: string;
    constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
      super(token, remaining, liquid);
      const end = remaining.findIndex((next) => "name" in next && next.name === `end${token.name}`);
      if (end < 0) throw new Error(`{% ${token.name} %} is not closed`);
      const inside = remaining.splice(0, end + 1).slice(0, -1);
      this.body = inside.map((next) => next.getText()).join("");
    }
    override render() {
      return print(this.body);
    }
  };
}

/** A tag whose body is Liquid, with markup around it. */
function wrappingTag(before: string, after: string): TagClass {
  return class extends Tag {
    readonly templates: Template[];
    constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
      super(token, remaining, liquid);
      const end = remaining.findIndex((next) => "name" in next && next.name === `end${token.name}`);
      if (end < 0) throw new Error(`{% ${token.name} %} is not closed`);
      this.templates = parser.parseTokens(remaining.splice(0, end + 1).slice(0, -1));
    }
    override *render(context: Context, emitter: Emitter): Generator<unknown, void> {
      emitter.write(before);
      yield this.liquid.renderer.renderTemplates(this.templates, context, emitter);
      emitter.write(after);
    }
  };
}
