/** The switches of the control API, what is kept, and the pages for people. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { NewAccount } from "./client.ts";
import { eventBody, type Harness, importBody, startKlaviyo } from "./harness.ts";

let klaviyo: Harness;
let account: NewAccount;

beforeEach(async () => {
  klaviyo = await startKlaviyo();
  account = await klaviyo.open();
});
afterEach(() => klaviyo.stop());

const send = (...event: Parameters<typeof eventBody>) => klaviyo.api("POST", "/api/events", eventBody(...event));

describe("a mode", () => {
  test("fails the next calls of one path as often as asked", async () => {
    await klaviyo.client.mode({ path: "/api/events", fail: { status: 503, times: 2 } });
    expect((await klaviyo.api("GET", "/api/lists")).status).toBe(200);
    expect((await send("ada@tea.test")).status).toBe(503);
    expect((await send("ada@tea.test")).status).toBe(503);
    expect((await send("ada@tea.test")).status).toBe(202);
    expect(await klaviyo.client.events(account.id)).toHaveLength(1);
    expect(await klaviyo.client.stats()).toMatchObject({ injected: 2, selfMade429s: 0 });
  });

  test("fails one account and not the other", async () => {
    await klaviyo.client.mode({ account: account.id, fail: { status: 500, times: 9 } });
    expect((await klaviyo.api("GET", "/api/lists")).status).toBe(500);
    await klaviyo.open({ organizationName: "Other" });
    expect((await klaviyo.api("GET", "/api/lists")).status).toBe(200);
  });

  test("ends when it is set to null", async () => {
    await klaviyo.client.mode({ fail: { status: 500, times: 9 } });
    await klaviyo.client.mode({ fail: null });
    expect((await klaviyo.api("GET", "/api/lists")).status).toBe(200);
    expect((await klaviyo.client.modes()).rules).toEqual([]);
  });

  test.each([
    [30, "30"],
    ["Sat, 01 Aug 2026 12:00:30 GMT", "Sat, 01 Aug 2026 12:00:30 GMT"],
  ])("asks to wait (%s) and counts who does not", async (retryAfter, header) => {
    await klaviyo.client.mode({ fail: { status: 429, retryAfter } });
    const answer = await send("ada@tea.test");
    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toBe(header);
    klaviyo.advance(29_999);
    await send("ada@tea.test");
    klaviyo.advance(1);
    await send("ada@tea.test");
    expect(await klaviyo.client.stats()).toMatchObject({ retryAfterViolations: 1, selfMade429s: 0 });
  });

  test("answers the HTML page of a proxy, or any body", async () => {
    await klaviyo.client.mode({ fail: { status: 403, html: true } });
    const page = await klaviyo.api("GET", "/api/lists");
    expect(page.headers.get("content-type")).toBe("text/html; charset=UTF-8");
    await klaviyo.client.mode({ fail: { status: 400, body: { errors: [] } } });
    expect((await klaviyo.api("GET", "/api/lists")).text).toBe('{"errors":[]}');
  });

  test("drops the connection before anything is done, or loses the answer of what was done", async () => {
    await klaviyo.client.mode({ path: "POST /api/events", dropConnection: 1 });
    await expect(send("ada@tea.test")).rejects.toThrow();
    expect(await klaviyo.client.events(account.id)).toEqual([]);
    await klaviyo.client.mode({ path: "POST /api/events", loseAnswer: 1 });
    await expect(send("ada@tea.test")).rejects.toThrow();
    expect(await klaviyo.client.events(account.id)).toHaveLength(1);
    expect((await send("ada@tea.test")).status).toBe(202);
  });

  test("that is misspelt is refused with its name", async () => {
    const response = await fetch(`${klaviyo.url}/_sim/mode`, { method: "POST", body: '{"latency":5}' });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: "'latency' is not a valid field for the resource 'mode'. (/latency)",
    });
  });
});

describe("what is kept", () => {
  test("every request with its answer, the key masked", async () => {
    await klaviyo.api("POST", "/api/profile-import", importBody({ email: "ada" }));
    const [request] = await klaviyo.client.requests(account.id);
    expect(request).toMatchObject({ method: "POST", path: "/api/profile-import", status: 400 });
    expect(JSON.parse(request?.body ?? "")).toEqual(importBody({ email: "ada" }));
    expect(request?.answer).toContain("Invalid email address");
    expect(request?.headers.revision).toBe("2026-07-15");
    expect(JSON.stringify(request)).not.toContain(account.privateKey);
  });

  test("everything over a restart, deduplication included", async () => {
    await send("ada@tea.test", { unique_id: "1" }, { properties: { points: 1 } });
    await klaviyo.client.mode({ visibilityDelayMs: 1000 });
    await send("bob@tea.test", { unique_id: "1" });
    const snapshot: unknown = JSON.parse(JSON.stringify(klaviyo.snapshot()));
    await klaviyo.stop();

    klaviyo = await startKlaviyo(snapshot);
    const key = account.privateKey;
    await klaviyo.api("POST", "/api/events", eventBody("ada@tea.test", { unique_id: "1" }), { key });
    klaviyo.advance(1000);
    expect(await klaviyo.client.events(account.id)).toMatchObject([
      { profile: { email: "ada@tea.test" }, repeats: 1 },
      { profile: { email: "bob@tea.test" }, repeats: 0 },
    ]);
    expect(await klaviyo.client.requests(account.id)).toHaveLength(3);
    const page = await (await fetch(`${klaviyo.url}/accounts/${account.id}`)).text();
    expect(page).toContain("ada@tea.test");
  });

  test("nothing after a reset, and changes are announced", async () => {
    const before = klaviyo.changes();
    await send("ada@tea.test");
    expect(klaviyo.changes()).toBeGreaterThan(before);
    await klaviyo.client.reset();
    expect(await klaviyo.client.accounts()).toEqual([]);
    expect((await klaviyo.api("GET", "/api/lists")).status).toBe(401);
  });
});

describe("the inbox", () => {
  const page = async (path: string) => {
    const response = await fetch(new URL(path, klaviyo.url));
    return { status: response.status, text: await response.text() };
  };

  test("leads from the newest events to a person, their properties and the raw request", async () => {
    await send(
      "ada@tea.test",
      { metric: "Opted In", unique_id: "evt_1", properties: { reward: "10 EUR" } },
      {
        first_name: "Ada",
        properties: { "Passalong Referral Code": "ADA-1" },
      },
    );
    const front = (await page("/")).text;
    expect(front).toContain("Opted In");
    expect(front).toContain(account.privateKey);
    const href = /href="(\/accounts\/\w+\/profiles\/\w+)"/.exec(front)?.[1] ?? "";
    const person = (await page(href)).text;
    for (const text of ["Ada", "Passalong Referral Code", "ADA-1", "Opted In", "10 EUR", "evt_1", "POST /api/events"]) {
      expect(person).toContain(text);
    }
    expect((await page(`/accounts/${account.id}?q=ada`)).text).toContain("ada@tea.test");
    expect((await page(`/accounts/${account.id}?q=bob`)).text).toContain("Nobody found.");
    expect((await page(`/accounts/${account.id}/requests`)).text).toContain("202");
  });

  test("shows what it received as text, never as markup", async () => {
    await send("ada@tea.test", { properties: { note: "<script>alert(1)</script>" } }, { first_name: "<b>Ada</b>" });
    const { id } = (await klaviyo.client.profiles(account.id))[0] ?? { id: "" };
    const { text } = await page(`/accounts/${account.id}/profiles/${id}`);
    expect(text).not.toContain("<script>alert");
    expect(text).not.toContain("<b>Ada");
    expect(text).toContain("&lt;b&gt;Ada");
  });

  test("answers 404 for what is not there", async () => {
    for (const path of ["/nothing", "/accounts/nobody", `/accounts/${account.id}/profiles/nobody`]) {
      expect((await page(path)).status).toBe(404);
    }
  });
});
