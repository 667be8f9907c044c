import { createHmac, randomBytes } from "node:crypto";

/** The query of a request through the app proxy, in order; a name may be in it twice. */
export type Pairs = [name: string, value: string][];

/** 128 random bits, as every request that changes something brings them. */
export const nonce = () => randomBytes(16).toString("base64url");

/** The headers of a script's request. */
export const json = { "Content-Type": "application/json" };

/** What Shopify would send for that shop and customer, now. */
export function parametersOf(
  shop: string,
  { customerId = null, changes = {} }: { customerId?: number | null; changes?: Record<string, string> } = {},
): Pairs {
  return Object.entries({
    shop: `${shop}.myshopify.com`,
    path_prefix: "/apps/passalong",
    timestamp: String(Math.floor(Date.now() / 1000)),
    logged_in_customer_id: customerId === null ? "" : String(customerId),
    ...changes,
  });
}

/** Signs as Shopify does, whatever the visitor put into the address. */
export function signatureOf(pairs: Pairs, secret = process.env.SHOPIFY_API_SECRET ?? ""): string {
  const names = [...new Set(pairs.map(([name]) => name))];
  const valuesOf = (wanted: string) => pairs.flatMap(([name, value]) => (name === wanted ? [value] : []));
  const text = names
    .map((name) => `${name}=${valuesOf(name).join(",")}`)
    .sort()
    .join("");
  return createHmac("sha256", secret).update(text).digest("hex");
}
