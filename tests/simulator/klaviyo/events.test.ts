import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { NewAccount } from "./client.ts";
import { eventBody, firstError, type Harness, startKlaviyo } from "./harness.ts";

let klaviyo: Harness;
let account: NewAccount;

beforeEach(async () => {
  klaviyo = await startKlaviyo();
  account = await klaviyo.open();
});
afterEach(() => klaviyo.stop());

const send = (...event: Parameters<typeof eventBody>) => klaviyo.api("POST", "/api/events", eventBody(...event));
const events = (filter = {}) => klaviyo.client.events(account.id, filter);

describe("an event", () => {
  test("is answered 202 with an empty body and recorded to the second", async () => {
    const answer = await send("ada@tea.test", {
      metric: "Received Passalong Referral Coupon",
      time: "2026-08-01T11:59:58.700Z",
      value: 9.99,
      value_currency: "EUR",
      unique_id: "evt_1",
      properties: { "Coupon Code": "TEA-1" },
    });
    expect(answer.status).toBe(202);
    expect(answer.text).toBe("");
    expect(await events()).toMatchObject([
      {
        metric: "Received Passalong Referral Coupon",
        time: "2026-08-01T11:59:58+00:00",
        value: 9.99,
        valueCurrency: "EUR",
        uniqueId: "evt_1",
        properties: { "Coupon Code": "TEA-1" },
        profile: { email: "ada@tea.test" },
        repeats: 0,
      },
    ]);
    const metrics = await klaviyo.api("GET", "/api/metrics");
    expect(metrics.body.data?.[0]?.attributes).toMatchObject({
      name: "Received Passalong Referral Coupon",
      integration: { name: "API" },
    });
  });

  test("writes the profile's properties with it, set and unset", async () => {
    await send("ada@tea.test", {}, { first_name: "Ada", properties: { points: 120, old: "x" } });
    const meta = { patch_properties: { unset: ["old"], append: { skus: "1" } } };
    await send("ada@tea.test", { unique_id: "2" }, { properties: { points: 130 }, meta });
    const profile = await klaviyo.client.profile(account.id, "ada@tea.test");
    expect(profile).toMatchObject({ first_name: "Ada", properties: { points: 130, skus: ["1"] } });
    expect(profile?.properties).not.toHaveProperty("old");
  });

  test("that repeats a unique_id for the same profile and metric changes nothing: the first one wins", async () => {
    await send("ada@tea.test", { unique_id: "1", properties: { n: 1 } });
    expect((await send("Ada@Tea.test", { unique_id: "1", properties: { n: 2 } })).status).toBe(202);
    await send("ada@tea.test", { unique_id: "1", metric: "Other" });
    await send("bob@tea.test", { unique_id: "1" });
    expect(await events({ email: "ada@tea.test", metric: "Referral completed" })).toMatchObject([
      { properties: { n: 1 }, repeats: 1 },
    ]);
    expect(await events()).toHaveLength(3);
    expect(await klaviyo.client.stats()).toMatchObject({ eventsRecorded: 3, eventsRepeated: 1 });
  });

  test("without a unique_id is told apart by its second only", async () => {
    await send("ada@tea.test", { time: "2026-08-01T10:00:00.100Z" });
    await send("ada@tea.test", { time: "2026-08-01T10:00:00.900Z" });
    await send("ada@tea.test", { time: "2026-08-01T10:00:01Z" });
    expect(await events()).toMatchObject([{ repeats: 1 }, { repeats: 0 }]);
  });

  test('loses property values that are 0, null or ""', async () => {
    await send("ada@tea.test", { properties: { points: 0, coupon: null, note: "", kept: "0", off: false } });
    expect(await events()).toMatchObject([
      { properties: { kept: "0", off: false }, ignored: ["points", "coupon", "note"] },
    ]);
  });

  test("of a test domain is answered 202 and dropped, unless switched", async () => {
    expect((await send("ada@example.com")).status).toBe(202);
    expect((await send("ada@test.com")).status).toBe(202);
    expect(await events()).toEqual([]);
    expect(await klaviyo.client.profiles(account.id)).toEqual([]);
    await klaviyo.client.mode({ dropTestDomains: false });
    await send("ada@example.com");
    expect(await events()).toHaveLength(1);
  });

  test("can be seen only after the visibility delay", async () => {
    await klaviyo.client.mode({ visibilityDelayMs: 5000 });
    await send("ada@tea.test");
    expect(await events()).toEqual([]);
    klaviyo.advance(5000);
    expect(await events()).toHaveLength(1);
  });

  test.each([
    ["a time before 1991", { time: "1990-06-01T00:00:00Z" }, "/data/attributes/time"],
    ["a time more than a year ahead", { time: "2027-08-02T00:00:00Z" }, "/data/attributes/time"],
    ["a time that is none", { time: "yesterday" }, "/data/attributes/time"],
    ["a value that is text", { value: "9.99" }, "/data/attributes/value"],
    ["a currency that is none", { value_currency: "euro" }, "/data/attributes/value_currency"],
    ["an empty unique_id", { unique_id: "" }, "/data/attributes/unique_id"],
    ["a unique_id of 256 characters", { unique_id: "x".repeat(256) }, "/data/attributes/unique_id"],
    ["a metric name of 128 characters", { metric: "x".repeat(128) }, "/data/attributes/metric/data/attributes/name"],
    ["a field that events do not have", { colour: "red" }, "/data/attributes/colour"],
    ["properties that are no object", { properties: [] }, "/data/attributes/properties"],
    [
      "401 properties",
      { properties: Object.fromEntries(Array.from({ length: 401 }, (_, n) => [`p${n}`, 1])) },
      "/data/attributes/properties",
    ],
    ["a string over 100 KB", { properties: { text: "x".repeat(102_401) } }, "/data/attributes/properties/text"],
    ["an array over 4000 items", { properties: { list: Array(4001).fill(1) } }, "/data/attributes/properties/list"],
  ])("is refused with %s", async (_, event, pointer) => {
    expect(firstError(await send("ada@tea.test", event))).toEqual({ status: 400, code: "invalid", at: pointer });
    expect(await events()).toEqual([]);
  });

  test.each([
    ["an invalid e-mail", { email: "ada" }, "email", "Invalid email address"],
    ["an e-mail over 100 characters", { email: `${"a".repeat(100)}@tea.test` }, "email", undefined],
    [
      "an invalid phone beside a valid e-mail",
      { phone_number: "0151 123" },
      "phone_number",
      "Invalid phone number format (Example of a valid format: +12345678901)",
    ],
  ])("is refused with %s", async (_, profile, field, detail) => {
    const answer = await send("ada@tea.test", {}, profile);
    expect(firstError(answer).at).toBe(`/data/attributes/profile/data/attributes/${field}`);
    if (detail) expect(answer.body.errors?.[0]?.detail).toBe(detail);
  });

  test("is taken without an invalid phone where that is switched", async () => {
    await klaviyo.client.mode({ invalidEventPhone: "ignore" });
    expect((await send("ada@tea.test", {}, { phone_number: "0151 123" })).status).toBe(202);
    expect(await klaviyo.client.profiles(account.id)).toMatchObject([{ email: "ada@tea.test", phone_number: null }]);
  });

  test("names every missing part", async () => {
    const answer = await klaviyo.api("POST", "/api/events", { data: { type: "event", attributes: {} } });
    expect(answer.body.errors?.map(({ detail, source }) => [source.pointer, detail])).toEqual([
      ["/data/attributes/properties", "'properties' is a required field for the resource 'event'."],
      ["/data/attributes/metric", "'metric' is a required field for the resource 'event'."],
      ["/data/attributes/profile", "'profile' is a required field for the resource 'event'."],
    ]);
  });

  test("knows backfill from revision 2026-07-15 on", async () => {
    const old = await klaviyo.api("POST", "/api/events", eventBody("ada@tea.test", { backfill: true }), {
      headers: { revision: "2025-07-15" },
    });
    expect(firstError(old).at).toBe("/data/attributes/backfill");
    await send("ada@tea.test", { backfill: true });
    expect(await events()).toMatchObject([{ backfill: true }]);
  });
});

describe("a batch of events", () => {
  const entry = (email: string, ...unique: string[]) => ({
    type: "event-bulk-create",
    attributes: {
      profile: { data: { type: "profile", attributes: { email } } },
      events: {
        data: unique.map((unique_id) => {
          const { profile: _, ...attributes } = eventBody(email, { unique_id }).data.attributes;
          return { type: "event", attributes };
        }),
      },
    },
  });
  const sendAll = (...data: unknown[]) =>
    klaviyo.api("POST", "/api/event-bulk-create-jobs", {
      data: { type: "event-bulk-create-job", attributes: { "events-bulk-create": { data } } },
    });

  test("is recorded as a whole", async () => {
    expect(await sendAll(entry("ada@tea.test", "1", "2"), entry("bob@tea.test", "1"))).toMatchObject({
      status: 202,
      text: "",
    });
    expect(await events()).toHaveLength(3);
  });

  test("with bad items is refused as a whole, and points at each of them", async () => {
    const answer = await sendAll(entry("ada", "1"), entry("bob@tea.test", "1"), entry("eve@tea.test", ""));
    const base = "/data/attributes/events-bulk-create/data";
    expect(answer.body.errors?.map(({ source }) => source.pointer)).toEqual([
      `${base}/0/attributes/profile/data/attributes/email`,
      `${base}/2/attributes/events/data/0/attributes/unique_id`,
    ]);
    expect(await events()).toEqual([]);
  });

  test("of more than 1,000 is refused", async () => {
    const ids = Array.from({ length: 501 }, (_, n) => String(n));
    expect((await sendAll(entry("ada@tea.test", ...ids), entry("bob@tea.test", ...ids))).status).toBe(400);
  });

  test("may repeat no unique_id, within itself or of earlier events (switchable)", async () => {
    expect((await sendAll(entry("ada@tea.test", "1", "1"))).status).toBe(400);
    await send("ada@tea.test", { unique_id: "1" });
    expect((await sendAll(entry("ada@tea.test", "1"))).status).toBe(400);
    await klaviyo.client.mode({ bulkRepeats: "refuse-within-batch" });
    expect((await sendAll(entry("ada@tea.test", "1"))).status).toBe(202);
    await klaviyo.client.mode({ bulkRepeats: "drop" });
    expect((await sendAll(entry("ada@tea.test", "1", "1"))).status).toBe(202);
    expect(await events()).toMatchObject([{ repeats: 3 }]);
  });
});
