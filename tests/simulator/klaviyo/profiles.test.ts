import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { NewAccount } from "./client.ts";
import { eventBody, firstError, type Harness, importBody, startKlaviyo } from "./harness.ts";
import type { JsonObject } from "./json.ts";

let klaviyo: Harness;
let account: NewAccount;

beforeEach(async () => {
  klaviyo = await startKlaviyo();
  account = await klaviyo.open();
});
afterEach(() => klaviyo.stop());

const put = (attributes: JsonObject, rest: JsonObject = {}) =>
  klaviyo.api("POST", "/api/profile-import", importBody(attributes, rest));
const find = (filter: string) => klaviyo.api("GET", `/api/profiles?filter=${encodeURIComponent(filter)}`);

describe("profile-import", () => {
  test("creates with 201 and updates with 200, and leaves alone what it does not mention", async () => {
    const created = await put({ email: "ada@tea.test", first_name: "Ada", location: { city: "Bonn", zip: "53111" } });
    expect(created.status).toBe(201);
    const updated = await put({ email: "ADA@tea.test", last_name: "Lovelace", location: { city: "Köln" } });
    expect(updated.status).toBe(200);
    expect(updated.body.data?.id).toBe(created.body.data?.id);
    expect(updated.body.data?.attributes).toMatchObject({
      first_name: "Ada",
      last_name: "Lovelace",
      location: { city: "Köln", zip: "53111" },
    });
  });

  test("clears a field with null, and removes a custom property with unset", async () => {
    await put({ email: "ada@tea.test", first_name: "Ada", properties: { points: 1, old: 2, skus: ["a", "b"] } });
    const patch_properties = { unset: ["old"], append: { tags: ["x", "y"] }, unappend: { skus: "a" } };
    const answer = await put({ email: "ada@tea.test", first_name: null }, { meta: { patch_properties } });
    expect(answer.body.data?.attributes).toMatchObject({
      first_name: null,
      properties: { points: 1, skus: ["b"], tags: ["x", "y"] },
    });
    expect(answer.body.data?.attributes.properties).not.toHaveProperty("old");
  });

  test("keeps null inside properties, unless switched: what Klaviyo does is unverified", async () => {
    expect((await put({ email: "a@tea.test", properties: { date: null } })).body.data?.attributes.properties).toEqual({
      date: null,
    });
    await klaviyo.client.mode({ nullProperty: "remove" });
    expect((await put({ email: "a@tea.test", properties: { date: null } })).body.data?.attributes.properties).toEqual(
      {},
    );
  });

  test("answers 409 with the other profile's id when e-mail and phone belong to two people", async () => {
    await put({ email: "ada@tea.test" });
    const other = await put({ phone_number: "+4915112345678" });
    const answer = await put({ email: "ada@tea.test", phone_number: "+4915112345678" });
    expect(firstError(answer)).toEqual({ status: 409, code: "duplicate_profile", at: "/data/attributes" });
    expect(answer.body.errors?.[0]).toMatchObject({
      detail: "A profile already exists with one of these identifiers.",
      meta: { duplicate_profile_id: other.body.data?.id },
    });
    expect((await put({ email: "ada@tea.test" })).status).toBe(200);
  });

  test("matches by id first, and an unknown id is a 404", async () => {
    const { body } = await put({ email: "ada@tea.test" });
    const renamed = await put({ email: "ada@home.test" }, { id: body.data?.id ?? "" });
    expect(renamed).toMatchObject({ status: 200, body: { data: { id: body.data?.id } } });
    expect((await find('equals(email,"ada@tea.test")')).body.data).toEqual([]);
    expect((await put({ email: "eve@tea.test" }, { id: "01NOBODY" })).status).toBe(404);
  });

  test.each([
    [{ email: "ada@" }, "/data/attributes/email"],
    [{ email: "ada@tea.test", phone_number: "12345" }, "/data/attributes/phone_number"],
    [{ first_name: "Ada" }, "/data/attributes"],
    [{ email: "ada@tea.test", external_id: "x".repeat(256) }, "/data/attributes/external_id"],
    [{ email: "ada@tea.test", loyalty: 1 }, "/data/attributes/loyalty"],
    [{ email: "ada@tea.test", location: { town: "Bonn" } }, "/data/attributes/location/town"],
  ])("refuses %j", async (attributes, pointer) => {
    expect(firstError(await put(attributes))).toEqual({ status: 400, code: "invalid", at: pointer });
    expect(await klaviyo.client.profiles(account.id)).toEqual([]);
  });

  test("refuses meta inside attributes: that is where events have it", async () => {
    const answer = await put({ email: "ada@tea.test", meta: { patch_properties: {} } });
    expect(firstError(answer).at).toBe("/data/attributes/meta");
  });

  test("refuses a phone as the only identifier where SMS is not set up", async () => {
    await klaviyo.open({ organizationName: "No SMS", sms: false });
    expect(firstError(await put({ phone_number: "+4915112345678" })).at).toBe("/data/attributes/phone_number");
    expect((await put({ email: "a@tea.test", phone_number: "+4915112345678" })).status).toBe(201);
  });
});

describe("profiles", () => {
  test("are found by each identifier, and by any of several", async () => {
    await put({ email: "ada+x@tea.test", phone_number: "+4915112345678", external_id: "shop-1" });
    await put({ email: "bob@tea.test" });
    for (const filter of [
      'equals(email,"ADA+x@tea.test")',
      "equals(phone_number,'+4915112345678')",
      'equals(external_id,"shop-1")',
    ]) {
      const { body } = await find(filter);
      expect(body.data?.map(({ attributes }) => attributes.email)).toEqual(["ada+x@tea.test"]);
    }
    const both = await find('any(email,["ada+x@tea.test","bob@tea.test","nobody@tea.test"])');
    expect(both.body.data?.map(({ attributes }) => attributes.email)).toEqual(["ada+x@tea.test", "bob@tea.test"]);
    expect((await find('equals(email,"nobody@tea.test")')).body.data).toEqual([]);
  });

  test.each(["email=ada", "equals(email,ada)", 'equals(colour,"red")', 'equals(email,["a","b"])'])(
    "are not found by the filter %s",
    async (filter) => {
      expect(firstError(await find(filter))).toEqual({ status: 400, code: "invalid", at: "filter" });
    },
  );

  test("are read by id, changed by id, and shown with their subscriptions on request", async () => {
    const { body } = await put({ email: "ada@tea.test" });
    const id = body.data?.id ?? "";
    const path = `/api/profiles/${id}`;
    expect((await klaviyo.api("GET", path)).body.data?.attributes).not.toHaveProperty("subscriptions");
    const full = await klaviyo.api(
      "GET",
      `${path}?additional-fields[profile]=subscriptions&fields[profile]=subscriptions`,
    );
    expect(full.body.data?.attributes).toMatchObject({
      subscriptions: { email: { marketing: { consent: "NEVER_SUBSCRIBED", can_receive_email_marketing: true } } },
    });
    expect(Object.keys(full.body.data?.attributes ?? {})).toEqual(["subscriptions"]);

    const patch = (of: string) => klaviyo.api("PATCH", path, importBody({ first_name: "Ada" }, { id: of }));
    expect((await patch(id)).status).toBe(200);
    expect(firstError(await patch("01OTHER")).at).toBe("/data/id");
    expect((await klaviyo.api("GET", "/api/profiles/01NOBODY")).status).toBe(404);
  });

  test("are created only once by POST /api/profiles", async () => {
    const create = () => klaviyo.api("POST", "/api/profiles", importBody({ email: "ada@tea.test" }));
    const first = await create();
    expect(first.status).toBe(201);
    const second = await create();
    expect(second.status).toBe(409);
    expect(second.body.errors?.[0]?.meta).toEqual({ duplicate_profile_id: first.body.data?.id });
  });

  test("are erased with their events on a deletion request", async () => {
    await klaviyo.api("POST", "/api/events", eventBody("ada@tea.test"));
    const erase = (attributes: JsonObject) =>
      klaviyo.api("POST", "/api/data-privacy-deletion-jobs", {
        data: {
          type: "data-privacy-deletion-job",
          attributes: { profile: { data: { type: "profile", attributes } } },
        },
      });
    expect((await erase({ email: "ada@tea.test", phone_number: "+4915112345678" })).status).toBe(400);
    expect(await erase({ email: "ada@tea.test" })).toMatchObject({ status: 202, text: "" });
    expect(await klaviyo.client.profiles(account.id)).toEqual([]);
    expect(await klaviyo.client.events(account.id)).toEqual([]);
  });

  test("are imported in bulk: the bad ones fail alone and say why", async () => {
    const profiles = [importBody({ email: "ada@tea.test" }).data, importBody({ email: "bob" }).data];
    const job = await klaviyo.api("POST", "/api/profile-bulk-import-jobs", {
      data: { type: "profile-bulk-import-job", attributes: { profiles: { data: profiles } } },
    });
    expect(job.status).toBe(202);
    const path = `/api/profile-bulk-import-jobs/${job.body.data?.id}`;
    expect((await klaviyo.api("GET", path)).body.data?.attributes).toMatchObject({
      status: "complete",
      total_count: 2,
      completed_count: 1,
      failed_count: 1,
    });
    const errors = await klaviyo.api("GET", `${path}/import-errors`);
    expect(errors.body.data?.[0]?.attributes).toMatchObject({
      detail: "Invalid email address",
      source: { pointer: "/data/attributes/profiles/data/1/attributes/email" },
      original_payload: { attributes: { email: "bob" } },
    });
  });
});
