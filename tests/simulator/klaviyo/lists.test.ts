import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { NewAccount } from "./client.ts";
import { consentBody, firstError, type Harness, importBody, startKlaviyo } from "./harness.ts";
import type { JsonObject } from "./json.ts";

let klaviyo: Harness;
let account: NewAccount;

beforeEach(async () => {
  klaviyo = await startKlaviyo();
  account = await klaviyo.open({
    organizationName: "Tea Shop",
    lists: [{ name: "Single", optInProcess: "single_opt_in" }, "Double"],
  });
});
afterEach(() => klaviyo.stop());

async function listId(name: string): Promise<string> {
  const lists = await klaviyo.client.lists(account.id);
  return lists.find((list) => list.name === name)?.id ?? "";
}
const person = async (email = "ada@tea.test") => await klaviyo.client.profile(account.id, email);
const consent = (kind: "create" | "delete", list?: string, extra: JsonObject = {}) =>
  klaviyo.api("POST", `/api/profile-subscription-bulk-${kind}-jobs`, consentBody(kind, "ada@tea.test", list, extra));

describe("lists", () => {
  test("come in pages of at most ten, with absolute links on the host that was asked", async () => {
    await klaviyo.open({ organizationName: "Many", lists: Array.from({ length: 23 }, (_, n) => `List ${n}`) });
    const names: unknown[] = [];
    const sizes: number[] = [];
    for (let next: string | null = "/api/lists"; next; ) {
      const { status, body } = await klaviyo.api("GET", next);
      expect(status).toBe(200);
      sizes.push(body.data?.length ?? 0);
      names.push(...(body.data ?? []).map(({ attributes }) => attributes.name));
      next = body.links?.next ?? null;
      if (next) expect(next).toContain(`${klaviyo.url}/api/lists?page%5Bcursor%5D=`);
    }
    expect(sizes).toEqual([10, 10, 3]);
    expect(names).toEqual(Array.from({ length: 23 }, (_, n) => `List ${n}`));
    expect(firstError(await klaviyo.api("GET", "/api/lists?page[size]=11")).at).toBe("page[size]");
    expect(firstError(await klaviyo.api("GET", "/api/lists?page[cursor]=nonsense")).at).toBe("page[cursor]");
  });

  test("say how they opt in, and are found by name and id", async () => {
    const found = await klaviyo.api("GET", `/api/lists?filter=${encodeURIComponent('equals(name,"Single")')}`);
    expect(found.body.data).toMatchObject([{ attributes: { name: "Single", opt_in_process: "single_opt_in" } }]);
    const one = await klaviyo.api("GET", `/api/lists/${await listId("Double")}`);
    expect(one.body.data?.attributes).toMatchObject({ name: "Double", opt_in_process: "double_opt_in" });
    expect((await klaviyo.api("GET", "/api/lists/nobody")).status).toBe(404);
  });

  test("are created, at most 150 a day", async () => {
    const create = (attributes: JsonObject) =>
      klaviyo.api("POST", "/api/lists", { data: { type: "list", attributes } });
    expect((await create({ name: "" })).status).toBe(400);
    for (let count = 1; count < 150; count++) {
      expect((await create({ name: `List ${count}` })).status).toBe(201);
      klaviyo.advance(1000);
    }
    const answer = await create({ name: "One too many" });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(40_000);
  });

  test("take profiles by Klaviyo's ids without giving consent, and let them go", async () => {
    const { body } = await klaviyo.api("POST", "/api/profile-import", importBody({ email: "ada@tea.test" }));
    const path = `/api/lists/${await listId("Double")}/relationships/profiles`;
    const members = { data: [{ type: "profile", id: body.data?.id }] };
    expect(await klaviyo.api("POST", path, members)).toMatchObject({ status: 204, text: "" });
    expect(await person()).toMatchObject({
      lists: [{ name: "Double" }],
      subscriptions: { email: { consent: "NEVER_SUBSCRIBED" } },
    });
    expect((await klaviyo.api("DELETE", path, members)).status).toBe(204);
    expect((await person())?.lists).toEqual([]);

    const stranger = await klaviyo.api("POST", path, { data: [{ type: "profile", id: "01NOBODY" }] });
    expect(firstError(stranger)).toEqual({ status: 404, code: "not_found", at: "/data/0/id" });
    const crowd = { data: Array.from({ length: 1001 }, () => ({ type: "profile", id: "x" })) };
    expect(firstError(await klaviyo.api("POST", path, crowd)).at).toBe("/data");
  });
});

describe("subscribing", () => {
  test("to a single opt-in list gives consent at once and keeps its source", async () => {
    const list = await listId("Single");
    expect(await consent("create", list, { custom_source: "Referral app" })).toMatchObject({ status: 202, text: "" });
    expect(await person()).toMatchObject({
      lists: [{ id: list }],
      subscriptions: { email: { consent: "SUBSCRIBED", customSource: "Referral app" } },
    });
  });

  test("to a double opt-in list waits for the click in the mail", async () => {
    const list = await listId("Double");
    await consent("create", list);
    expect(await person()).toMatchObject({
      lists: [],
      awaitingConfirmation: [list],
      subscriptions: { email: { consent: "NEVER_SUBSCRIBED" } },
    });
    await klaviyo.client.confirmOptIn(account.id, "ada@tea.test");
    expect(await person()).toMatchObject({
      lists: [{ id: list }],
      awaitingConfirmation: [],
      subscriptions: { email: { consent: "SUBSCRIBED", doubleOptIn: true } },
    });
  });

  test("takes away unsubscribes and complaints, but no bounces", async () => {
    await klaviyo.client.seedProfile(account.id, { email: "ada@tea.test" });
    for (const reason of ["UNSUBSCRIBE", "SPAM_COMPLAINT", "USER_SUPPRESSED", "HARD_BOUNCE"] as const) {
      await klaviyo.client.suppress(account.id, { email: "ada@tea.test", reason });
    }
    await consent("create", await listId("Single"));
    expect((await person())?.subscriptions.email).toMatchObject({
      consent: "SUBSCRIBED",
      suppressions: [{ reason: "HARD_BOUNCE" }],
    });
  });

  test("twice within 30 minutes has an effect once", async () => {
    const list = await listId("Single");
    await consent("create", list);
    await klaviyo.client.suppress(account.id, { email: "ada@tea.test", reason: "UNSUBSCRIBE" });
    klaviyo.advance(29 * 60_000);
    await consent("create", list);
    expect((await person())?.subscriptions.email.consent).toBe("UNSUBSCRIBED");
    klaviyo.advance(60_000);
    await consent("create", list);
    expect((await person())?.subscriptions.email.consent).toBe("SUBSCRIBED");
  });

  test("takes consented_at with historical_import only, and skips the double opt-in there", async () => {
    const list = await listId("Double");
    const job = consentBody("create", "ada@tea.test", list, { historical_import: true });
    expect((await klaviyo.api("POST", "/api/profile-subscription-bulk-create-jobs", job)).status).toBe(400);
    const marketing = { consent: "SUBSCRIBED", consented_at: "2026-01-01T00:00:00Z" };
    const attributes = { email: "ada@tea.test", subscriptions: { email: { marketing } } };
    const profiles = { data: [{ type: "profile", attributes }] };
    expect(firstError(await consent("create", list, { profiles })).at).toBe(
      "/data/attributes/profiles/data/0/attributes/subscriptions/email/marketing/consented_at",
    );
    expect((await consent("create", list, { profiles, historical_import: true })).status).toBe(202);
    expect((await person())?.subscriptions.email).toMatchObject({
      consent: "SUBSCRIBED",
      timestamp: "2026-01-01T00:00:00Z",
    });
  });

  test.each([
    ["custom properties", { email: "a@tea.test", properties: {} }, "properties"],
    [
      "SMS without a phone",
      { email: "a@tea.test", subscriptions: { sms: { marketing: { consent: "SUBSCRIBED" } } } },
      "phone_number",
    ],
  ])("refuses %s", async (_, given, field) => {
    const subscriptions = { email: { marketing: { consent: "SUBSCRIBED" } } };
    const profiles = { data: [{ type: "profile", attributes: { subscriptions, ...given } }] };
    const answer = await consent("create", undefined, { profiles });
    expect(firstError(answer)).toEqual({
      status: 400,
      code: "invalid",
      at: `/data/attributes/profiles/data/0/attributes/${field}`,
    });
  });

  test("refuses a list that does not exist and more than 1,000 profiles", async () => {
    expect((await consent("create", "nobody")).status).toBe(404);
    const { data } = consentBody("create", "a@tea.test").data.attributes.profiles;
    const crowd = { data: Array.from({ length: 1001 }, () => data).flat() };
    expect((await consent("create", undefined, { profiles: crowd })).status).toBe(400);
  });
});

describe("unsubscribing", () => {
  test("takes a member off that list, and a stranger to it off everything", async () => {
    const single = await listId("Single");
    await consent("create", single);
    await consent("delete", single);
    expect(await person()).toMatchObject({
      lists: [],
      subscriptions: { email: { consent: "SUBSCRIBED", suppressions: [], listSuppressions: [{ listId: single }] } },
    });
    await consent("delete", single);
    expect((await person())?.subscriptions.email).toMatchObject({
      consent: "UNSUBSCRIBED",
      suppressions: [{ reason: "UNSUBSCRIBE" }],
    });
  });
});
