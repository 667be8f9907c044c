import { describe, expect, test } from "vitest";
import { JSON_API, refusal } from "#tests/klaviyo-answers.ts";
import { check } from "./check.ts";
import { credentials, headers } from "./credentials.ts";

test("the exact requests of the check and its probes, and the headers of all", () => {
  expect([check.request, ...check.probes.map(({ scope, request }) => ({ scope, ...request }))]).toMatchInlineSnapshot(`
    [
      {
        "method": "GET",
        "path": "/api/accounts",
      },
      {
        "method": "GET",
        "path": "/api/profiles?page[size]=1&fields[profile]=created",
        "scope": "profiles:read",
      },
      {
        "body": {
          "data": {
            "type": "profile",
          },
        },
        "method": "POST",
        "path": "/api/profile-import",
        "scope": "profiles:write",
      },
      {
        "body": {
          "data": {
            "type": "event",
          },
        },
        "method": "POST",
        "path": "/api/events",
        "scope": "events:write",
      },
      {
        "method": "GET",
        "path": "/api/lists?page[size]=1",
        "scope": "lists:read",
      },
      {
        "body": {
          "data": {
            "type": "profile",
          },
        },
        "method": "POST",
        "path": "/api/lists/none/relationships/profiles",
        "scope": "lists:write",
      },
      {
        "body": {
          "data": {
            "type": "profile-subscription-bulk-create-job",
          },
        },
        "method": "POST",
        "path": "/api/profile-subscription-bulk-create-jobs",
        "scope": "subscriptions:write",
      },
    ]
  `);
  expect(headers({ publicKey: "AbC123", privateKey: "pk_1234" })).toMatchInlineSnapshot(`
    {
      "Accept": "application/vnd.api+json",
      "Authorization": "Klaviyo-API-Key pk_1234",
      "Content-Type": "application/vnd.api+json",
      "revision": "2026-07-15",
    }
  `);
});

describe("the check", () => {
  const account = (attributes: object) => ({
    status: 200,
    contentType: JSON_API,
    body: JSON.stringify({ data: [{ type: "account", id: "AbC123", attributes }] }),
  });
  const juniper = account({ public_api_key: "AbC123", contact_information: { organization_name: "Juniper" } });
  const pasted = { publicKey: "AbC123", privateKey: "pk_12345678" };

  test("tells whose key it is", () => {
    expect(check.read(juniper, pasted)).toEqual({ ok: true, accountKey: "AbC123", accountName: "Juniper" });
  });

  test("finds a public key of another account", () => {
    expect(check.read(juniper, { ...pasted, publicKey: "XyZ789" })).toEqual({
      ok: false,
      because: "wrong_account",
      field: "publicKey",
    });
  });

  test.each([
    [401, { ok: false, because: "key_refused", field: "privateKey" }],
    [403, { ok: false, because: "scopes_missing", field: "privateKey", scopes: "accounts:read" }],
    [503, { ok: false, because: "unavailable" }],
  ])("says what a %i means", (status, result) => {
    expect(check.read(refusal(status, { code: "any" }), pasted)).toEqual(result);
  });

  test("takes an answer that it does not understand for none", () => {
    expect(check.read({ status: 200, contentType: "text/html", body: "<html>" }, pasted)).toEqual({
      ok: false,
      because: "unavailable",
    });
  });
});

test.each([
  [{ publicKey: " AbC123 ", privateKey: "pk_12345678\n" }, []],
  [{}, ["required", "required"]],
  [{ publicKey: "", privateKey: "  " }, ["required", "required"]],
  [{ publicKey: "pk_12345678", privateKey: "AbC123" }, ["format", "format"]],
])("credentials %j have these mistakes: %j", (pasted, messages) => {
  expect(credentials.safeParse(pasted).error?.issues.map(({ message }) => message) ?? []).toEqual(messages);
});
