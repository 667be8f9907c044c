import { describe, expect, test } from "vitest";
import { JSON_API, refusal } from "#tests/klaviyo-answers.ts";
import { addToList, lists, subscribe } from "./lists.ts";

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
