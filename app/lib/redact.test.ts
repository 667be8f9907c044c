import { expect, test } from "vitest";
import { redact, scrub } from "#app/lib/redact.ts";

test("private fields are hidden at any depth, the others stay", () => {
  expect(
    redact({
      shopId: "shp_1",
      status: 401,
      delivery: {
        id: "dlv_1",
        payload: { anything: 1 },
        person: { email: "a@b.example", firstName: "Ada", phone: null },
      },
      headers: [{ Authorization: "Klaviyo-API-Key pk_1", "X-Shopify-Hmac-Sha256": "x", revision: "2026-07-15" }],
      accessToken: "shpua_1",
      count: 3n,
    }),
  ).toEqual({
    shopId: "shp_1",
    status: 401,
    delivery: {
      id: "dlv_1",
      payload: "[redacted]",
      person: { email: "[redacted]", firstName: "[redacted]", phone: null },
    },
    headers: [{ Authorization: "[redacted]", "X-Shopify-Hmac-Sha256": "[redacted]", revision: "2026-07-15" }],
    accessToken: "[redacted]",
    count: "3",
  });
});

test("a circle does not hang it", () => {
  const circle: Record<string, unknown> = { id: "x" };
  circle.self = circle;
  expect(JSON.stringify(redact(circle))).toContain("[deeper]");
});

test("addresses and signatures leave every text", () => {
  expect(scrub('Key ("shopId", email)=(shp_1, ada.l+x@shop.example) already exists.')).toBe(
    'Key ("shopId", email)=(shp_1, [email]) already exists.',
  );
  expect(scrub("/app?shop=a.myshopify.com&id_token=ey.J&hmac=abc")).toBe(
    "/app?shop=a.myshopify.com&id_token=[redacted]&hmac=[redacted]",
  );
  expect(scrub("node_modules/@remix-run/node.js:1")).toBe("node_modules/@remix-run/node.js:1");
});

test("the token of a verification link leaves every text, and only the token", () => {
  const token = "Zk3_b-9dQ0aT7xYw1LrV5uHs8eJm2cPn";
  expect(scrub(`{"path":"/proxy/verify/${token}"}`)).toBe('{"path":"/proxy/verify/[redacted]"}');
  expect(scrub(`https://juniper.shop/apps/friends/verify/${token}?claim=n`)).toBe(
    "https://juniper.shop/apps/friends/verify/[redacted]?claim=n",
  );
  expect(scrub(`{"message":"No route matches URL \\"/proxy/verify/${token}/x\\"\\n    at run (a.js:1)"}`)).toBe(
    '{"message":"No route matches URL \\"/proxy/verify/[redacted]/x\\"\\n    at run (a.js:1)"}',
  );
  expect(scrub("app/delivery/verify.ts:1")).toBe("app/delivery/verify.ts:1");
});

test("what Prisma prints of an invalid query is left out, in a text and in a line of JSON", () => {
  const message =
    '\nInvalid `prisma.person.create()` invocation:\n\n{\n  data: {\n    email: 42,\n    firstName: "Ada"\n  }\n}\n\nArgument `email`: Invalid value.';
  const left = "\nInvalid `prisma.person.create()` invocation:\n\n{…}\n\nArgument `email`: Invalid value.";
  expect(scrub(message)).toBe(left);
  expect(JSON.parse(scrub(JSON.stringify({ message })))).toEqual({ message: left });
});
