import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { BODY_LIMIT, verifyWebhook } from "./verify-webhook.ts";

const BODY = '{"admin_graphql_api_id":"gid://shopify/Order/1","note":"café"}';

function sign(body: string, secret: string): string {
  return createHmac("sha256", secret).update(body).digest("base64");
}

function webhook(
  options: { body?: string; signature?: string; without?: string; headers?: Record<string, string> } = {},
) {
  const { body = BODY, signature = sign(body, "secret"), without, headers = {} } = options;
  const all = new Headers({
    "X-Shopify-Topic": "orders/create",
    "X-Shopify-Hmac-Sha256": signature,
    "X-Shopify-Shop-Domain": "juniper.myshopify.com",
    "X-Shopify-API-Version": "2026-10",
    "X-Shopify-Webhook-Id": "w-1",
    ...headers,
  });
  if (without) all.delete(without);
  return new Request("https://passalong.test/webhooks", { method: "POST", body, headers: all });
}

const verify = (request: Request, secrets = ["secret"]) => verifyWebhook(request, secrets);

test("a signed webhook is read, its raw body kept", async () => {
  const result = await verify(webhook({ headers: { "X-Shopify-Triggered-At": "2026-11-05T10:00:00.5Z" } }));
  expect(result).toMatchObject({
    webhook: {
      topic: "orders/create",
      shopDomain: "juniper.myshopify.com",
      webhookId: "w-1",
      triggeredAt: new Date("2026-11-05T10:00:00.500Z"),
      text: BODY,
      body: { note: "café" },
    },
  });
});

test("both secrets are good while the client secret is being rotated", async () => {
  expect(await verify(webhook({ signature: sign(BODY, "old") }), ["new", "old"])).toHaveProperty("webhook");
});

describe("refused", () => {
  test.each(["Topic", "Hmac-Sha256", "Shop-Domain", "API-Version", "Webhook-Id"])(
    "without X-Shopify-%s: 400",
    async (name) => {
      const header = `X-Shopify-${name}`;
      expect(await verify(webhook({ without: header }))).toEqual({
        refusal: { status: 400, because: `missing header: ${header.toLowerCase()}` },
      });
    },
  );

  test.each([
    ["signed with another secret", sign(BODY, "another")],
    ["altered", sign(BODY.replace("1", "2"), "secret")],
    ["signed with something short", "AAAA"],
    ["signed in hex", createHmac("sha256", "secret").update(BODY).digest("hex")],
  ])("%s: 401", async (_name, signature) => {
    expect(await verify(webhook({ signature }))).toMatchObject({ refusal: { status: 401 } });
  });

  test.each(["", "{", "[1]", "null", '"text"'])("a signed body that is %j: 400", async (body) => {
    expect(await verify(webhook({ body }))).toMatchObject({ refusal: { status: 400 } });
  });

  test("a domain that is no shop's: 400", async () => {
    const headers = { "X-Shopify-Shop-Domain": "juniper.myshopify.com.evil.example" };
    expect(await verify(webhook({ headers }))).toMatchObject({ refusal: { status: 400 } });
  });

  test("more than 2 MB: 413", async () => {
    const body = JSON.stringify({ note: "x".repeat(BODY_LIMIT) });
    expect(await verify(webhook({ body }))).toMatchObject({ refusal: { status: 413 } });
  });
});
