import { describe, expect, test } from "vitest";
import type { EventItem, ProfileItem } from "#app/esps/esp.ts";
import { JSON_API, refusal } from "#tests/klaviyo-answers.ts";
import { event } from "./event.ts";
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
  unset: ["Passalong Latest Successful Referral Date"],
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
                    "meta": {
                      "patch_properties": {
                        "unset": [
                          "Passalong Latest Successful Referral Date",
                        ],
                      },
                    },
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
    expect(event.request([{ ...redeemed, profile: {}, unset: [], value: undefined }]).body).toMatchInlineSnapshot(`
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
});

test("where somebody lives goes to Klaviyo's location, and nothing of it where it is not to be sent", () => {
  const standard = { firstName: "Ocean", city: "Lyon", country: "France", zip: "69001" };
  const attributes = { first_name: "Ocean", location: { city: "Lyon", country: "France", zip: "69001" } };
  expect(profile.request([{ ...ocean, standard }]).body).toMatchObject({ data: { attributes } });
  expect(event.request([{ ...redeemed, standard }]).body).toMatchObject({
    data: { attributes: { profile: { data: { attributes } } } },
  });
  expect(JSON.stringify(event.request([redeemed]).body)).not.toContain("location");
});

test("a phone that is somebody else's is left out before anybody else is taken for the person", () => {
  const taken = refusal(409, { code: "duplicate_profile", meta: { duplicate_profile_id: "01GD" } });
  const withPhone = { ...ocean, standard: { phone: "+15005550006" } };
  expect(profile.read(taken, [withPhone])).toMatchObject([{ kind: "resend", change: "without-phone" }]);
  expect(profile.read(taken, [ocean])).toMatchObject([{ kind: "resend", change: { profileId: "01GD" } }]);
});

test("a profile's answer tells Klaviyo's id of it", () => {
  const answer = {
    status: 201,
    contentType: JSON_API,
    body: JSON.stringify({ data: { type: "profile", id: "01GD" } }),
  };
  expect(profile.read(answer, [ocean])).toEqual([{ kind: "delivered", profileId: "01GD" }]);
});
