import { describe, expect, test } from "vitest";
import { JSON_API } from "#tests/klaviyo-answers.ts";
import { find } from "./find.ts";

describe("looking somebody up", () => {
  const read = (attributes: object) =>
    find.read({ status: 200, contentType: JSON_API, body: JSON.stringify({ data: [{ id: "01GD", attributes }] }) });
  const NEVER = {
    can_receive_email_marketing: true,
    consent: "NEVER_SUBSCRIBED",
    suppression: [],
    list_suppressions: [],
  };
  const found = (marketing: object, attributes: object = {}) =>
    read({ ...attributes, subscriptions: { email: { marketing: { ...NEVER, ...marketing } } } });

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
    [{ can_receive_email_marketing: false }, "suppressed"],
    [{ can_receive_email_marketing: false, consent: "SUBSCRIBED" }, "suppressed"],
    [{ can_receive_email_marketing: false, consent: "UNSUBSCRIBED" }, "unsubscribed"],
    [{ can_receive_email_marketing: undefined }, "unknown"],
    [{ consent: null }, "unknown"],
    [{ suppression: undefined }, "unknown"],
    [{ suppression: "UNSUBSCRIBE" }, "unknown"],
    [{ suppression: [{}] }, "unknown"],
    [{ list_suppressions: undefined }, "unknown"],
    [{ consent: "UNSUBSCRIBED" }, "unsubscribed"],
    [{ consent: "SUBSCRIBED", suppression: [{ reason: "UNSUBSCRIBE" }] }, "unsubscribed"],
    [{ consent: "SUBSCRIBED", suppression: [{ reason: "HARD_BOUNCE" }] }, "suppressed"],
    [{ consent: "NEVER_SUBSCRIBED", suppression: [{ reason: "USER_SUPPRESSED" }] }, "suppressed"],
  ])("reads %j as %s", (marketing, email) => {
    expect(found(marketing)).toMatchObject({ kind: "found", profile: { profileId: "01GD", email } });
  });

  test.each([undefined, null, "none", { email: null }, { email: { marketing: null } }, { sms: null }])(
    "does not take somebody whose subscriptions are %j for somebody who was never asked",
    (subscriptions) => {
      expect(read({ first_name: "Sea", subscriptions })).toEqual({
        kind: "found",
        profile: { profileId: "01GD", filled: ["firstName"], email: "unknown", listsLeft: [] },
      });
    },
  );

  test("tells which fields are filled, and which lists they left", () => {
    const marketing = { consent: "SUBSCRIBED", list_suppressions: [{ list_id: "L1" }] };
    const location = { city: "Springfield", region: "", country: null };
    expect(found(marketing, { first_name: "Sea", last_name: " ", locale: null, location })).toMatchObject({
      profile: { filled: ["firstName", "city"], listsLeft: ["L1"] },
    });
  });

  test("finds nobody", () => {
    expect(find.read({ status: 200, contentType: JSON_API, body: '{"data":[]}' })).toEqual({
      kind: "found",
      profile: null,
    });
  });
});
