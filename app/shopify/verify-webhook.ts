import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** A webhook whose body Shopify signed. Its headers are not signed: they are hints. */
export type SignedWebhook = {
  readonly topic: string;
  readonly shopDomain: string;
  readonly webhookId: string;
  readonly triggeredAt: Date | null;
  /** As received. */
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** SHA-256 of the raw body, in hex. */
  readonly bodyHash: string;
};

export type Refusal = { readonly status: 400 | 401 | 413; readonly because: string };

/** Bodies are at most this many bytes; Shopify's are some kilobytes. */
export const BODY_LIMIT = 2 * 1024 * 1024;

const REQUIRED = [
  "x-shopify-topic",
  "x-shopify-hmac-sha256",
  "x-shopify-shop-domain",
  "x-shopify-api-version",
  "x-shopify-webhook-id",
] as const;

/**
 * Reads and verifies a webhook: https://shopify.dev/docs/apps/build/webhooks/subscribe/https#step-5-verify-the-webhook
 * Needs no session and no database, so that it also answers for shops that have uninstalled.
 * @param secrets the app's client secret, and the previous one while it is being rotated
 */
export async function verifyWebhook(
  request: Request,
  secrets: readonly string[],
): Promise<{ webhook: SignedWebhook } | { refusal: Refusal }> {
  const missing = REQUIRED.filter((name) => !request.headers.get(name));
  if (missing.length > 0) return refuse(400, `missing header: ${missing.join(", ")}`);
  const header = (name: (typeof REQUIRED)[number]) => request.headers.get(name) ?? "";

  const raw = Buffer.from(await request.arrayBuffer());
  if (raw.byteLength > BODY_LIMIT) return refuse(413, "the body is larger than 2 MB");
  if (!isSigned(raw, header("x-shopify-hmac-sha256"), secrets)) return refuse(401, "the signature is not Shopify's");

  const shopDomain = header("x-shopify-shop-domain").toLowerCase();
  if (!/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/.test(shopDomain)) return refuse(400, "not a shop's domain");
  const text = raw.toString("utf8");
  const body = parseObject(text);
  if (!body) return refuse(400, "the body is not a JSON object");
  const webhook = {
    topic: header("x-shopify-topic").toLowerCase(),
    shopDomain,
    webhookId: header("x-shopify-webhook-id").slice(0, 200),
    triggeredAt: parseDate(request.headers.get("x-shopify-triggered-at")),
    text,
    body,
    bodyHash: createHash("sha256").update(raw).digest("hex"),
  };
  return { webhook };
}

function refuse(status: Refusal["status"], because: string): { refusal: Refusal } {
  return { refusal: { status, because } };
}

function isSigned(raw: Buffer, signature: string, secrets: readonly string[]): boolean {
  const given = Buffer.from(signature, "base64");
  return secrets.some((secret) => {
    const expected = createHmac("sha256", secret).update(raw).digest();
    return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
  });
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function parseDate(text: string | null): Date | null {
  const date = new Date(text ?? "");
  return Number.isNaN(date.getTime()) ? null : date;
}
