/** What every operation checks before it looks at the request: key, revision, scope, type, size, pace. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventBody, firstError, type Harness, importBody, startKlaviyo } from "./harness.ts";

let klaviyo: Harness;

beforeEach(async () => {
  klaviyo = await startKlaviyo();
  await klaviyo.open();
});
afterEach(() => klaviyo.stop());

describe("the key", () => {
  test("proves itself against the account, with the public key to compare", async () => {
    const account = await klaviyo.open({ organizationName: "Coffee", publicKey: "AbC123", currency: "EUR" });
    const answer = await klaviyo.api("GET", "/api/accounts");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/vnd.api+json");
    expect(answer.body.data?.[0]?.id).toBe(account.id);
    expect(answer.body.data?.[0]?.attributes).toMatchObject({
      public_api_key: "AbC123",
      preferred_currency: "EUR",
      contact_information: { organization_name: "Coffee" },
    });
  });

  test.each([
    ["missing", undefined],
    ["unknown", "Klaviyo-API-Key pk_0000"],
    ["without its scheme", "pk_0000"],
  ])("is refused when %s", async (_, authorization) => {
    const answer = await klaviyo.api("GET", "/api/accounts", undefined, { headers: { authorization } });
    expect(firstError(answer)).toMatchObject({ status: 401, code: "authentication_failed" });
  });

  test("stops working when it is revoked, and a new one works", async () => {
    const account = await klaviyo.open();
    await klaviyo.client.revokeKeys(account.id, { all: true });
    expect((await klaviyo.api("GET", "/api/lists")).status).toBe(401);
    const { key } = await klaviyo.client.createKey(account.id);
    expect((await klaviyo.api("GET", "/api/lists", undefined, { key })).status).toBe(200);
  });

  test("does only what its scopes allow", async () => {
    const account = await klaviyo.open();
    const { key } = await klaviyo.client.createKey(account.id, ["accounts:read", "lists:read"]);
    expect((await klaviyo.api("GET", "/api/lists", undefined, { key })).status).toBe(200);
    const answer = await klaviyo.api("POST", "/api/events", eventBody("ada@tea.test"), { key });
    expect(firstError(answer)).toMatchObject({ status: 403, code: "permission_denied" });
    expect(answer.body.errors?.[0]?.detail).toContain("events:write");
  });

  test("may answer 400 when bad, because the docs say so (switchable)", async () => {
    await klaviyo.client.mode({ badKeyStatus: 400 });
    const answer = await klaviyo.api("GET", "/api/accounts", undefined, { key: "pk_0000" });
    expect(firstError(answer)).toMatchObject({ status: 400, code: "authentication_failed" });
  });
});

describe("the request", () => {
  test.each([
    ["missing", undefined],
    ["not a date", "latest"],
    ["an impossible date", "2026-02-30"],
  ])("is refused when its revision is %s", async (_, revision) => {
    const answer = await klaviyo.api("GET", "/api/lists", undefined, { headers: { revision } });
    expect(firstError(answer)).toEqual({ status: 400, code: "invalid", at: "revision" });
  });

  test("is refused when its revision is older than two years, unless switched", async () => {
    const headers = { revision: "2023-07-15" };
    expect((await klaviyo.api("GET", "/api/lists", undefined, { headers })).status).toBe(410);
    await klaviyo.client.mode({ retiredRevision: "serve" });
    expect((await klaviyo.api("GET", "/api/lists", undefined, { headers })).status).toBe(200);
  });

  test("is refused when its content type is wrong", async () => {
    const headers = { "content-type": "text/plain" };
    expect((await klaviyo.api("POST", "/api/events", eventBody("ada@tea.test"), { headers })).status).toBe(415);
    const json = { "content-type": "application/json; charset=utf-8" };
    expect((await klaviyo.api("POST", "/api/events", eventBody("ada@tea.test"), { headers: json })).status).toBe(202);
  });

  test("is refused when it is not JSON, or too large", async () => {
    expect((await klaviyo.api("POST", "/api/events", undefined, { raw: "{" })).status).toBe(400);
    const large = importBody({ email: "ada@tea.test", properties: { text: "x".repeat(101 * 1024) } });
    expect((await klaviyo.api("POST", "/api/profile-import", large)).status).toBe(413);
    const huge = eventBody("ada@tea.test", { properties: { text: "x".repeat(5 * 1024 * 1024) } });
    expect((await klaviyo.api("POST", "/api/events", huge)).status).toBe(413);
  });

  test("finds only what exists, with or without a trailing slash", async () => {
    expect((await klaviyo.api("GET", "/api/nothing")).status).toBe(404);
    expect((await klaviyo.api("PUT", "/api/events", {})).status).toBe(405);
    expect((await klaviyo.api("GET", "/api/lists/")).status).toBe(200);
  });

  test("may not carry parameters that the operation does not know", async () => {
    const answer = await klaviyo.api("GET", "/api/metrics?page[size]=10");
    expect(firstError(answer)).toEqual({ status: 400, code: "invalid", at: "page[size]" });
    expect(answer.body.errors?.[0]?.detail).toBe("'page_size' is not a valid field for the resource 'metric'.");
  });
});

describe("the pace", () => {
  test("is a burst of one second: over it 429 with Retry-After in place of the RateLimit headers", async () => {
    const first = await klaviyo.api("GET", "/api/accounts");
    expect(first.headers.get("ratelimit-limit")).toBe("15");
    expect(first.headers.get("ratelimit-remaining")).toBe("14");
    expect(first.headers.get("ratelimit-reset")).toBe("60");
    expect(first.headers.get("retry-after")).toBeNull();

    const second = await klaviyo.api("GET", "/api/accounts");
    expect(firstError(second)).toMatchObject({ status: 429, code: "throttled" });
    expect(second.body.errors?.[0]?.detail).toBe("Request was throttled. Expected available in 1 second.");
    expect(second.headers.get("retry-after")).toBe("1");
    expect(second.headers.get("ratelimit-limit")).toBeNull();

    klaviyo.advance(1000);
    expect((await klaviyo.api("GET", "/api/accounts")).status).toBe(200);
  });

  test("is also a steady minute", async () => {
    for (let call = 0; call < 15; call++) {
      expect((await klaviyo.api("GET", "/api/accounts")).status).toBe(200);
      klaviyo.advance(1000);
    }
    const answer = await klaviyo.api("GET", "/api/accounts");
    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toBe("45");
    klaviyo.advance(45_000);
    expect((await klaviyo.api("GET", "/api/accounts")).status).toBe(200);
  });

  test("is counted per account and operation", async () => {
    await klaviyo.api("GET", "/api/accounts");
    expect((await klaviyo.api("GET", "/api/lists")).status).toBe(200);
    await klaviyo.open({ organizationName: "Other" });
    expect((await klaviyo.api("GET", "/api/accounts")).status).toBe(200);
  });

  test("can be scaled and switched off", async () => {
    await klaviyo.client.mode({ rateLimits: 1 / 50 });
    expect((await klaviyo.api("GET", "/api/accounts")).status).toBe(200);
    klaviyo.advance(20);
    expect((await klaviyo.api("GET", "/api/accounts")).status).toBe(200);
    await klaviyo.client.mode({ rateLimits: false });
    for (let call = 0; call < 20; call++) expect((await klaviyo.api("GET", "/api/accounts")).status).toBe(200);
  });

  test("shows in the statistics when a client ignores Retry-After", async () => {
    const { id } = await klaviyo.open();
    await klaviyo.api("GET", "/api/accounts");
    await klaviyo.api("GET", "/api/accounts");
    klaviyo.advance(999);
    await klaviyo.api("GET", "/api/lists");
    klaviyo.advance(1);
    await klaviyo.api("GET", "/api/lists");
    const stats = await klaviyo.client.stats();
    expect(stats.accounts[id]).toMatchObject({ calls: 4, selfMade429s: 1, retryAfterViolations: 1 });
    expect(stats.accounts[id]?.earlyCalls).toEqual([{ endpoint: "GET /api/lists", earlyByMs: 1, sinceAnswerMs: 999 }]);
    expect(stats.endpoints["GET /api/accounts"]).toEqual({ calls: 2, refused: 0, tooMany: 1 });
  });
});
