import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * What Shopify adds to every request through the app proxy, besides the signature, and what it looks like. An empty
 * customer id is a visitor who is not signed in.
 * https://shopify.dev/docs/apps/build/online-store/app-proxies/authenticate-app-proxies
 */
const shopifys = {
  logged_in_customer_id: /^\d{0,20}$/,
  path_prefix: /^\/[^=\s]{1,100}$/,
  shop: /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/,
  timestamp: /^\d{10}$/,
} as const;
const shopifysNames = Object.keys(shopifys) as (keyof typeof shopifys)[];

/** What a route accepts in its query. */
export type ProxyRule = {
  /** The route's only parameter of its own, demanded. Its name sorts before Shopify's and its value has no "=". */
  readonly own?: { readonly name: string; readonly value: RegExp };
  /** Everything else: refused; or let through unread, as often as it comes: mailers and networks hang theirs on every link. */
  readonly others: "refused" | "unread";
};

/** Why a request is not believed. */
export type ProxyRefusal =
  | { readonly because: "missing" | "repeated" | "malformed" | "hidden" | "unexpected"; readonly parameter: string }
  | { readonly because: "forged" | "expired" };

/** What a believed request says. */
export type ProxyFacts = {
  readonly shopDomain: string;
  /** null: not signed in */
  readonly customerGid: string | null;
  /** Where the shop serves the proxy; null where other parameters were let through (see `verifyProxyQuery`). */
  readonly pathPrefix: string | null;
  readonly signature: string;
};

export type ProxyVerdict = { readonly ok: true; readonly facts: ProxyFacts } | ({ readonly ok: false } & ProxyRefusal);

/** Seconds between Shopify's clock and ours, either way. */
const TOLERANCE_SECONDS = 90;

/**
 * Decides whether Shopify itself sent this query, and for whom.
 *
 * The signed text is `name=value` pairs, sorted and joined by nothing: `a=1` beside `b=2` reads like `a=1b=2`. Whoever
 * gets hold of a signature could cut its text differently, so only texts with one reading are believed:
 * - Each of Shopify's names occurs once in the query, and once as `name=` in the whole text. Shopify always signs all
 *   four, so each value begins where Shopify began it.
 * - A value ends by itself: a shop at `.myshopify.com`, a time after ten digits, a customer id before the first
 *   non-digit (what sorts behind it begins with a letter). These three are therefore what Shopify signed.
 * - Where others are refused, no value has a "=", so the text has as many "=" as names. It has room for Shopify's four
 *   and the route's own, which begins the text and is thus Shopify's first name too. Names, order and number are the
 *   same, so all values are; also the path prefix, which does not end by itself.
 *
 * Neither method, path nor body is signed; a route that changes anything demands a parameter of its own.
 *
 * @param query as received, without the question mark
 * @param secrets the app's client secrets: the current one, and the previous one while it is being rotated
 * @param now real time, not business time
 */
export function verifyProxyQuery(
  query: string,
  rule: ProxyRule,
  { secrets, now }: { secrets: readonly string[]; now: Date },
): ProxyVerdict {
  const parameters = new URLSearchParams(query);
  const signature = parameters.get("signature") ?? "";
  const text = signedText(parameters);
  const flaw = findFlaw(parameters, text, rule);
  if (flaw) return { ok: false, ...flaw };
  if (!secrets.some((secret) => matches(signature, text, secret))) return { ok: false, because: "forged" };
  const age = now.getTime() / 1000 - Number(parameters.get("timestamp"));
  if (Math.abs(age) > TOLERANCE_SECONDS) return { ok: false, because: "expired" };
  const customerId = parameters.get("logged_in_customer_id");
  return {
    ok: true,
    facts: {
      shopDomain: parameters.get("shop") ?? "",
      customerGid: customerId ? `gid://shopify/Customer/${customerId}` : null,
      pathPrefix: rule.others === "refused" ? parameters.get("path_prefix") : null,
      signature,
    },
  };
}

/** What is wrong with the query whoever sent it. */
function findFlaw(parameters: URLSearchParams, text: string, { own, others }: ProxyRule): ProxyRefusal | null {
  const demanded: Record<string, RegExp> = { ...shopifys, signature: /^[0-9a-f]{64}$/ };
  if (own) demanded[own.name] = own.value;
  for (const name of new Set(parameters.keys())) {
    const isDemanded = Object.hasOwn(demanded, name);
    if (isDemanded && parameters.getAll(name).length > 1) return { because: "repeated", parameter: name };
    if (!isDemanded && others === "refused") return { because: "unexpected", parameter: name };
  }
  for (const [name, shape] of Object.entries(demanded)) {
    const value = parameters.get(name);
    if (value === null) return { because: "missing", parameter: name };
    if (!shape.test(value)) return { because: "malformed", parameter: name };
  }
  const hidden = shopifysNames.find((name) => text.split(`${name}=`).length > 2);
  return hidden ? { because: "hidden", parameter: hidden } : null;
}

/** The text that Shopify signs: sorted pairs, values of a repeated name joined by a comma. */
function signedText(parameters: URLSearchParams): string {
  return [...new Set(parameters.keys())]
    .filter((name) => name !== "signature")
    .map((name) => `${name}=${parameters.getAll(name).join(",")}`)
    .sort()
    .join("");
}

function matches(signature: string, text: string, secret: string): boolean {
  const expected = createHmac("sha256", secret).update(text).digest();
  return timingSafeEqual(expected, Buffer.from(signature, "hex"));
}
