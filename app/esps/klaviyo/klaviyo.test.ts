import { describe, expect, test } from "vitest";
import type { EspAnswer, EventItem, Outcome, ProfileItem } from "#app/esps/esp.ts";
import { check } from "./check.ts";
import { credentials, headers } from "./credentials.ts";
import { event } from "./event.ts";
import { find } from "./find.ts";
import { addToList, lists, subscribe } from "./lists.ts";
import { outcomeOf } from "./outcome.ts";
import { profile } from "./profile.ts";

const ocean: ProfileItem = {
  identity: { email: "ocean@grove.shop" },
  standard: {},
  properties: {
    "Passalong Referral Shareable Link": "https://juniper.shop/apps/passalong/OCEAN7QK",
    "Passalong Number of Successful Referrals": 0,
  },
  unset: ["Passalong Latest Successful Referral Date"],
};

const redeemed: EventItem = {
  id: "evt_3w5e11264sg00",
  name: "Redeemed Passalong Referral Coupon",
  at: new Date("2026-11-05T05:35:55.144Z"),
  identity: { email: "fern@grove.shop" },
  standard: {},
  properties: { "Order Number": "#1001", "Order Total Price": 90, Locale: "en", "Customer Role": "recipient" },
  profile: { "Passalong Referral Code": "FERN9XYZ" },
  value: { amount: 90, currency: "USD" },
};

describe("the exact bodies", () => {
  test("of a profile", () => {
    expect(profile.request([ocean])).toMatchInlineSnapshot(`
      {
        "body": {
          "data": {
            "attributes": {
              "email": "ocean@grove.shop",
              "properties": {
                "Passalong Number of Successful Referrals": 0,
                "Passalong Referral Shareable Link": "https://juniper.shop/apps/passalong/OCEAN7QK",
              },
            },
            "meta": {
              "patch_properties": {
                "unset": [
                  "Passalong Latest Successful Referral Date",
                ],
              },
            },
            "type": "profile",
          },
        },
        "method": "POST",
        "path": "/api/profile-import",
      }
    `);
  });

  test("of a profile that nothing is removed from and Klaviyo told the id of", () => {
    const { body } = profile.request([
      { ...ocean, identity: { profileId: "01GDDKASAP8TKDDA2GRZDSVP4H", phone: "+15005550006" }, unset: [] },
    ]);
    expect(body).toMatchInlineSnapshot(`
      {
        "data": {
          "attributes": {
            "phone_number": "+15005550006",
            "properties": {
              "Passalong Number of Successful Referrals": 0,
              "Passalong Referral Shareable Link": "https://juniper.shop/apps/passalong/OCEAN7QK",
            },
          },
          "id": "01GDDKASAP8TKDDA2GRZDSVP4H",
          "type": "profile",
        },
      }
    `);
  });

  test("of an event with properties of the profile and a value", () => {
    expect(event.request([redeemed])).toMatchInlineSnapshot(`
      {
        "body": {
          "data": {
            "attributes": {
              "metric": {
                "data": {
                  "attributes": {
                    "name": "Redeemed Passalong Referral Coupon",
                  },
                  "type": "metric",
                },
              },
              "profile": {
                "data": {
                  "attributes": {
                    "email": "fern@grove.shop",
                    "properties": {
                      "Passalong Referral Code": "FERN9XYZ",
                    },
                  },
                  "type": "profile",
                },
              },
              "properties": {
                "Customer Role": "recipient",
                "Locale": "en",
                "Order Number": "#1001",
                "Order Total Price": 90,
              },
              "time": "2026-11-05T05:35:55.144Z",
              "unique_id": "evt_3w5e11264sg00",
              "value": 90,
              "value_currency": "USD",
            },
            "type": "event",
          },
        },
        "method": "POST",
        "path": "/api/events",
      }
    `);
  });

  test("of an event alone", () => {
    expect(event.request([{ ...redeemed, profile: {}, value: undefined }]).body).toMatchInlineSnapshot(`
      {
        "data": {
          "attributes": {
            "metric": {
              "data": {
                "attributes": {
                  "name": "Redeemed Passalong Referral Coupon",
                },
                "type": "metric",
              },
            },
            "profile": {
              "data": {
                "attributes": {
                  "email": "fern@grove.shop",
                },
                "type": "profile",
              },
            },
            "properties": {
              "Customer Role": "recipient",
              "Locale": "en",
              "Order Number": "#1001",
              "Order Total Price": 90,
            },
            "time": "2026-11-05T05:35:55.144Z",
            "unique_id": "evt_3w5e11264sg00",
          },
          "type": "event",
        },
      }
    `);
  });

  test("of the check and its probes, and the headers of all", () => {
    expect([
      check.request,
      ...check.probes.map(({ scope, request }) => ({ scope, ...request })),
    ]).toMatchInlineSnapshot(`
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
});

const JSON_API = "application/vnd.api+json";

function refusal(status: number, error: Record<string, unknown>, more: Partial<EspAnswer> = {}): EspAnswer {
  const body = JSON.stringify({ errors: [{ id: "0b1c", status, title: "Title.", detail: "Detail.", ...error }] });
  return { status, contentType: JSON_API, body, ...more };
}

/** Klaviyo's documented and seen answers (contracts/esp.md §0, §1.5). */
const ANSWERS: readonly [string, EspAnswer, Outcome][] = [
  ["created", { status: 201, contentType: JSON_API, body: "{}" }, { kind: "delivered" }],
  ["accepted", { status: 202, contentType: "", body: "" }, { kind: "delivered" }],
  [
    "an address it does not like",
    refusal(400, { code: "invalid", detail: "Invalid email address", source: { pointer: "/data/attributes/email" } }),
    { kind: "rejected", because: "HTTP 400 invalid: Invalid email address (/data/attributes/email)" },
  ],
  [
    "a phone it does not like",
    refusal(400, { code: "invalid", source: { pointer: "/data/attributes/phone_number" } }),
    {
      kind: "resend",
      because: "HTTP 400 invalid: Detail. (/data/attributes/phone_number)",
      change: "without-phone",
    },
  ],
  [
    "a phone it does not like, in an event",
    refusal(400, { code: "invalid", source: { pointer: "/data/attributes/profile/data/attributes/phone_number" } }),
    {
      kind: "resend",
      because: "HTTP 400 invalid: Detail. (/data/attributes/profile/data/attributes/phone_number)",
      change: "without-phone",
    },
  ],
  [
    "a bad key, as live",
    refusal(401, { code: "authentication_failed" }),
    { kind: "reconnect", because: "HTTP 401 authentication_failed: Detail." },
  ],
  [
    "a bad key, as documented",
    refusal(400, { code: "authentication_failed" }),
    { kind: "reconnect", because: "HTTP 400 authentication_failed: Detail." },
  ],
  [
    "a missing scope",
    refusal(403, { code: "permission_denied" }),
    { kind: "reconnect", because: "HTTP 403 permission_denied: Detail." },
  ],
  [
    "Cloudflare's challenge",
    { status: 403, contentType: "text/html", body: "<html>Just a moment...</html>" },
    { kind: "retry", because: "HTTP 403", afterSeconds: undefined },
  ],
  ["not found", refusal(404, { code: "not_found" }), { kind: "rejected", because: "HTTP 404 not_found: Detail." }],
  ["a slow request", { status: 408, contentType: "", body: "" }, { kind: "retry", because: "HTTP 408" }],
  [
    "two profiles with one identifier each",
    refusal(409, { code: "duplicate_profile", meta: { duplicate_profile_id: "01GD" } }),
    { kind: "resend", because: "HTTP 409 duplicate_profile: Detail.", change: { profileId: "01GD" } },
  ],
  [
    "the same without the other's id",
    refusal(409, { code: "duplicate_profile" }),
    { kind: "resend", because: "HTTP 409 duplicate_profile: Detail.", change: "without-phone" },
  ],
  [
    "a revision that is no longer served",
    refusal(410, { code: "gone" }),
    { kind: "rejected", because: "HTTP 410 gone: Detail." },
  ],
  ["too much at once", { status: 413, contentType: "", body: "" }, { kind: "split", because: "HTTP 413" }],
  ["another content type", { status: 415, contentType: "", body: "" }, { kind: "rejected", because: "HTTP 415" }],
  [
    "too fast",
    refusal(429, { code: "throttled" }, { retryAfter: 7 }),
    { kind: "retry", because: "HTTP 429 throttled: Detail.", afterSeconds: 7 },
  ],
  [
    "too fast, without a time",
    refusal(429, { code: "throttled" }),
    { kind: "retry", because: "HTTP 429 throttled: Detail.", afterSeconds: 60 },
  ],
  ...[500, 502, 504, 524].map((status): [string, EspAnswer, Outcome] => [
    "a failure of its own",
    { status, contentType: "text/html", body: "<html>" },
    { kind: "retry", because: `HTTP ${status}`, afterSeconds: undefined },
  ]),
  [
    "maintenance",
    { status: 503, contentType: "", body: "", retryAfter: 30 },
    { kind: "retry", because: "HTTP 503", afterSeconds: 30 },
  ],
];

test.each(ANSWERS)("%s means what it means", (_, answer, outcome) => {
  expect(outcomeOf(answer)).toEqual(outcome);
});

test("a phone that is somebody else's is left out before anybody else is taken for the person", () => {
  const taken = refusal(409, { code: "duplicate_profile", meta: { duplicate_profile_id: "01GD" } });
  const withPhone = { ...ocean, standard: { phone: "+15005550006" } };
  expect(profile.read(taken, [withPhone])).toMatchObject([{ kind: "resend", change: "without-phone" }]);
  expect(profile.read(taken, [ocean])).toMatchObject([{ kind: "resend", change: { profileId: "01GD" } }]);
});

describe("lists", () => {
  const identity = { email: "ocean@grove.shop" };

  test("the exact bodies of adding and subscribing", () => {
    const member = { identity: { ...identity, profileId: "01GD" }, listId: "Y6nRLr" };
    expect([
      addToList.request([member]),
      subscribe.request([{ identity, listId: "Y6nRLr", source: "Passalong" }]),
    ]).toMatchInlineSnapshot(`
      [
        {
          "body": {
            "data": [
              {
                "id": "01GD",
                "type": "profile",
              },
            ],
          },
          "method": "POST",
          "path": "/api/lists/Y6nRLr/relationships/profiles",
        },
        {
          "body": {
            "data": {
              "attributes": {
                "custom_source": "Passalong",
                "profiles": {
                  "data": [
                    {
                      "attributes": {
                        "email": "ocean@grove.shop",
                        "subscriptions": {
                          "email": {
                            "marketing": {
                              "consent": "SUBSCRIBED",
                            },
                          },
                        },
                      },
                      "type": "profile",
                    },
                  ],
                },
              },
              "relationships": {
                "list": {
                  "data": {
                    "id": "Y6nRLr",
                    "type": "list",
                  },
                },
              },
              "type": "profile-subscription-bulk-create-job",
            },
          },
          "method": "POST",
          "path": "/api/profile-subscription-bulk-create-jobs",
        },
      ]
    `);
  });

  test("a profile that is gone is asked for again, a list that is gone is not", () => {
    const member = { identity: { ...identity, profileId: "01GD" }, listId: "Y6nRLr" };
    const gone = (pointer: string) => refusal(404, { code: "not_found", source: { pointer } });
    expect(addToList.read(gone("/data/0/id"), [member])).toMatchObject([
      { kind: "resend", change: "without-profile-id" },
    ]);
    expect(addToList.read(gone("/data/id"), [member])).toMatchObject([{ kind: "rejected" }]);
  });

  test("the next page is asked for where the first was, wherever its link points", () => {
    const links = { next: "https://elsewhere.test/api/lists?page%5Bcursor%5D=abc" };
    const data = [{ id: "L1", attributes: { name: "Friends", opt_in_process: "double_opt_in" } }];
    expect(lists.read({ status: 200, contentType: JSON_API, body: JSON.stringify({ data, links }) })).toEqual({
      lists: [{ id: "L1", name: "Friends", doubleOptIn: true }],
      next: "/api/lists?page%5Bcursor%5D=abc",
    });
  });
});

describe("looking somebody up", () => {
  const found = (marketing: object, attributes: object = {}) => {
    const data = [{ id: "01GD", attributes: { ...attributes, subscriptions: { email: { marketing } } } }];
    return find.read({ status: 200, contentType: JSON_API, body: JSON.stringify({ data }) });
  };

  test("asks by the address, quoted, and for what may be sent", () => {
    const { path } = find.request({ email: "o'cean+x@grove.shop", phone: "+15005550006" });
    expect(Object.fromEntries(new URL(path, "https://a.klaviyo.com").searchParams)).toMatchObject({
      filter: `equals(email,"o'cean+x@grove.shop")`,
      "additional-fields[profile]": "subscriptions",
    });
  });

  test.each([
    [{ consent: "SUBSCRIBED", suppression: [] }, "subscribed"],
    [{ consent: "NEVER_SUBSCRIBED" }, "unasked"],
    [{ consent: "UNSUBSCRIBED" }, "unsubscribed"],
    [{ consent: "SUBSCRIBED", suppression: [{ reason: "UNSUBSCRIBE" }] }, "unsubscribed"],
    [{ consent: "SUBSCRIBED", suppression: [{ reason: "HARD_BOUNCE" }] }, "suppressed"],
    [{ consent: "NEVER_SUBSCRIBED", suppression: [{ reason: "USER_SUPPRESSED" }] }, "suppressed"],
  ])("reads %j as %s", (marketing, email) => {
    expect(found(marketing)).toMatchObject({ kind: "found", profile: { profileId: "01GD", email } });
  });

  test("tells which fields are filled, and which lists they left", () => {
    const marketing = { consent: "SUBSCRIBED", list_suppressions: [{ list_id: "L1" }] };
    expect(found(marketing, { first_name: "Sea", last_name: " ", locale: null })).toMatchObject({
      profile: { filled: ["firstName"], listsLeft: ["L1"] },
    });
  });

  test("finds nobody", () => {
    expect(find.read({ status: 200, contentType: JSON_API, body: '{"data":[]}' })).toEqual({
      kind: "found",
      profile: null,
    });
  });
});

test("a profile's answer tells Klaviyo's id of it", () => {
  const answer = {
    status: 201,
    contentType: JSON_API,
    body: JSON.stringify({ data: { type: "profile", id: "01GD" } }),
  };
  expect(profile.read(answer, [ocean])).toEqual([{ kind: "delivered", profileId: "01GD" }]);
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
