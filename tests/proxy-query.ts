import { createHmac, randomBytes } from "node:crypto";

/** The query of a request through the app proxy, in order; a name may be in it twice. */
export type Pairs = [name: string, value: string][];

/** 128 random bits, as every request that changes something brings them. */
export const nonce = () => randomBytes(16).toString("base64url");

/** The headers of a script's request. */
export const json = { "Content-Type": "application/json" };

/** A moment as Shopify's timestamps say it: ask for it when it is sent, the app takes it for 90 seconds. */
export const secondsFromNow = (seconds: number) => String(Math.floor(Date.now() / 1000) + seconds);

/** What Shopify would send for that shop and customer, now. */
export function parametersOf(
  shop: string,
  { customerId = null, changes = {} }: { customerId?: number | null; changes?: Record<string, string> } = {},
): Pairs {
  return Object.entries({
    shop: `${shop}.myshopify.com`,
    path_prefix: "/apps/passalong",
    timestamp: secondsFromNow(0),
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
