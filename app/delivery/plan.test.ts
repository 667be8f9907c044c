import { expect, test } from "vitest";
import { esps } from "#app/esps/index.ts";
import { byPerson, planSteps, type Waiting } from "./plan.ts";
import { brandWord, connectionSettings, propertyNames } from "./settings.ts";

const settings = connectionSettings.parse({});

let number = 0;
function waiting(changes: Partial<Waiting>): Waiting {
  number++;
  return {
    id: `dlv_${number}`,
    personId: "per_1",
    attempts: 0,
    eventId: `evt_${number}`,
    entry: "properties.referrer",
    occurredAt: new Date("2026-11-05T05:35:55.144Z"),
    payload: null,
    properties: { "Passalong Referral Code": "OCEAN7QK" },
    email: "ocean@grove.shop",
    phone: "+15005550006",
    firstName: "Ocean",
    lastName: null,
    locale: null,
    city: null,
    region: null,
    country: null,
    zip: null,
    consent: null,
    profileId: null,
    sentHash: null,
    ...changes,
  };
}

const redeemed = {
  entry: "redeemed-coupon.recipient",
  payload: { "Order Total Price": 90, "Order Currency": "USD", Locale: "en" },
};

test("an order's event is worth its total, and carries the properties, those to be removed as well", () => {
  const [step] = planSteps(esps.klaviyo, settings, [waiting(redeemed)]);
  expect(step).toMatchObject({
    operation: "event",
    item: {
      name: "Redeemed Passalong Referral Coupon",
      identity: { email: "ocean@grove.shop" },
      properties: redeemed.payload,
      profile: { "Passalong Referral Code": "OCEAN7QK" },
      unset: expect.arrayContaining(["Passalong Latest Successful Referral Date"]),
      value: { amount: 90, currency: "USD" },
    },
  });
});

test("an event that carries no properties removes none", () => {
  const [step] = planSteps(esps.klaviyo, settings, [waiting({ ...redeemed, properties: null })]);
  expect(step).toMatchObject({ operation: "event", item: { profile: {}, unset: [] } });
});

test("a set of properties that lacks one of them removes it", () => {
  const [step] = planSteps(esps.klaviyo, settings, [waiting({})]);
  expect(step).toMatchObject({
    operation: "profile",
    item: { unset: expect.arrayContaining(["Passalong Latest Successful Referral Date"]) },
  });
  expect(step?.operation === "profile" && step.item.unset).not.toContain("Passalong Referral Code");
});

test("sets that follow each other become one, those with an event between them do not", () => {
  const rows = [
    waiting({ properties: { "Passalong Number of Successful Referrals": 1 } }),
    waiting({ properties: { "Passalong Number of Successful Referrals": 2 } }),
    waiting(redeemed),
    waiting({ properties: { "Passalong Number of Successful Referrals": 3 } }),
  ];
  const steps = planSteps(esps.klaviyo, settings, rows);
  expect(steps.map(({ operation, deliveries }) => [operation, deliveries.length])).toEqual([
    ["profile", 2],
    ["event", 1],
    ["profile", 1],
  ]);
  expect(steps[0]).toMatchObject({ item: { properties: { "Passalong Number of Successful Referrals": 2 } } });
});

test("the merchant's brand word takes the place of ours in every name, and in no value", () => {
  const branded = connectionSettings.parse({ brandWord: "Okendo" });
  const [event, set] = planSteps(esps.klaviyo, branded, [
    waiting({ ...redeemed, payload: { "Coupon Description": "Passalong" } }),
    waiting({}),
  ]);
  expect(event).toMatchObject({
    item: {
      name: "Redeemed Okendo Referral Coupon",
      properties: { "Coupon Description": "Passalong" },
      profile: { "Okendo Referral Code": "OCEAN7QK" },
    },
  });
  expect(set).toMatchObject({
    item: { unset: expect.arrayContaining(["Okendo Latest Successful Referral Date"]) },
  });
});

test.each(["", "a".repeat(31), "Brand$1", "Márka"])("%j is no brand word", (word) => {
  expect(brandWord.safeParse(word).success).toBe(false);
});

test("somebody without an address is known by the phone, and somebody with neither cannot be told of", () => {
  expect(planSteps(esps.klaviyo, settings, [waiting({ email: null })])).toMatchObject([
    { item: { identity: { phone: "+15005550006" } } },
  ]);
  expect(planSteps(esps.klaviyo, settings, [waiting({ email: null, phone: null })])).toMatchObject([
    { operation: null, because: "no_identifier" },
  ]);
});

test("what cannot be read is set aside, and the rest goes on", () => {
  const steps = planSteps(esps.klaviyo, settings, [
    waiting({ ...redeemed, payload: { a: { b: 1 } } }),
    waiting(redeemed),
  ]);
  expect(steps).toMatchObject([{ operation: null, because: "not_readable" }, { operation: "event" }]);
});

test("an event that the merchant deselected is left out, but the properties that it carries are sent", () => {
  const withheld = { events: ["redeemed-coupon.recipient"], properties: [] };
  const settled = connectionSettings.parse({ withheld });
  const steps = planSteps(esps.klaviyo, settled, [waiting({ ...redeemed, properties: null }), waiting(redeemed)]);
  expect(steps).toMatchObject([
    { operation: "skip", because: "not_selected" },
    { operation: "profile", item: { properties: { "Passalong Referral Code": "OCEAN7QK" } } },
  ]);
});

test("a property that the merchant deselected is neither sent nor removed", () => {
  const names = ["Passalong Referral Code", "Passalong Latest Successful Referral Date"];
  const settled = connectionSettings.parse({ withheld: { events: [], properties: names } });
  const [set, event] = planSteps(esps.klaviyo, settled, [waiting({}), waiting(redeemed)]);
  expect(JSON.stringify([set, event].map((step) => step && "item" in step && step.item))).not.toContain(names[0]);
  expect(set?.operation === "profile" && set.item.unset).not.toContain(names[1]);
  expect(event?.operation === "event" && event.item.unset).not.toContain(names[1]);
  const none = connectionSettings.parse({ withheld: { events: [], properties: [...propertyNames] } });
  expect(planSteps(esps.klaviyo, none, [waiting({})])).toMatchObject([{ because: "not_selected" }]);
});

test("a list is joined as the settings say when it is done", () => {
  const lists = { recipients: { mode: "subscribe", listId: "L1" } };
  const rows = [waiting({ entry: "list.recipients" }), waiting({ entry: "list.referrers" })];
  expect(planSteps(esps.klaviyo, connectionSettings.parse({ lists }), rows)).toMatchObject([
    { operation: "list", mode: "subscribe", listId: "L1" },
    { operation: "skip", because: "list_off" },
  ]);
});

test("an ESP that lacks an operation is not asked for it", () => {
  const mute = { ...esps.klaviyo, operations: {} };
  const steps = planSteps(mute, settings, [waiting({}), waiting(redeemed)]);
  expect(steps).toMatchObject([{ because: "not_supported" }, { because: "not_supported" }]);
});

test("people are kept apart, each in their order", () => {
  const rows = ["a", "b", "a"].map((personId, i) => waiting({ personId, id: `dlv_${personId}${i}` }));
  expect(byPerson(rows).map((person) => person.map(({ id }) => id))).toEqual([["dlv_a0", "dlv_a2"], ["dlv_b1"]]);
});
