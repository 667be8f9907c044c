import { expect, test } from "vitest";
import type { EspProfile } from "#app/esps/esp.ts";
import { chooseJoining } from "./join-list.ts";

const at = (email: EspProfile["email"], ...listsLeft: string[]): EspProfile => {
  return { profileId: "01GD", filled: [], email, listsLeft };
};
const unsubscribed = { because: "unsubscribed" };
const suppressed = { because: "suppressed" };
const unknown = { because: "consent_unknown" };

test.each([
  ["add", null, null, "add"],
  ["add", "unsubscribed", at("unsubscribed"), "add"],
  ["subscribe", "subscribed", null, "subscribe"],
  ["subscribe", "subscribed", at("unasked"), "subscribe"],
  ["subscribe", "subscribed", at("subscribed"), "subscribe"],
  ["subscribe", "subscribed", at("subscribed", "Other"), "subscribe"],
  ["subscribe", "subscribed", at("unsubscribed"), unsubscribed],
  ["subscribe", "subscribed", at("subscribed", "L1"), unsubscribed],
  ["subscribe", "subscribed", at("suppressed"), suppressed],
  ["subscribe", "unsubscribed", null, unsubscribed],
  ["subscribe", "unsubscribed", at("subscribed"), unsubscribed],
  ["subscribe", null, null, "add"],
  ["subscribe", null, at("subscribed"), "add"],
  ["subscribe", null, at("unsubscribed"), unsubscribed],
  ["subscribe", null, at("suppressed"), suppressed],
  ["subscribe", "subscribed", at("unknown"), unknown],
  ["subscribe", null, at("unknown"), unknown],
  ["add", "subscribed", at("unknown"), "add"],
] as const)("to %s somebody who told us %j and stands there as %j comes to %j", (mode, consent, profile, choice) => {
  expect(chooseJoining(mode, "L1", consent, profile)).toEqual(choice);
});
