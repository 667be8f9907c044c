import { describe, expect, test } from "vitest";
import admin from "#app/locales/en/admin.json" with { type: "json" };
import type { EspAnswer, EventItem, MemberItem, Operation, ProfileItem, SubscriberItem } from "./esp.ts";
import { espKeys, espOf, esps } from "./index.ts";

/** What every plug-in must do; its own tests show its bodies and its answers. */

const identity = { email: "ocean@grove.shop" };
const person: ProfileItem = { identity, standard: {}, properties: { "Points 🌱": 3 }, unset: ["Old"] };
const moment: EventItem = {
  id: "evt_1",
  name: "Opted In to Passalong Referrals",
  at: new Date("2026-11-05T05:35:55.144Z"),
  identity,
  standard: { firstName: "Ocean", phone: "+15005550006" },
  properties: { Locale: "en" },
  profile: { "Points 🌱": 3 },
  unset: ["Old"],
  value: { amount: 9.9, currency: "EUR" },
};

const member: MemberItem = { identity: { ...identity, profileId: "01GD" }, listId: "Y6nRLr" };
const subscriber: SubscriberItem = { identity, listId: "Y6nRLr", source: "Passalong" };

type Item = ProfileItem | EventItem | MemberItem | SubscriberItem;

function answer(status: number, more: Partial<EspAnswer> = {}): EspAnswer {
  return { status, contentType: "application/json", body: "", ...more };
}

test("the registry's keys are all there are", () => {
  expect(espKeys).toEqual(Object.keys(esps));
});

describe.each(espKeys)("%s", (key) => {
  const esp = espOf(key);
  const { profile, event, addToList, subscribe } = esp.operations;
  const operations: [string, Operation<never>, Item][] = [];
  if (profile) operations.push(["profile", profile, person]);
  if (event) operations.push(["event", event, moment]);
  if (addToList) operations.push(["addToList", addToList, member]);
  if (subscribe) operations.push(["subscribe", subscribe, subscriber]);

  test("has words for every field of its credentials", () => {
    for (const { label, help, helpUrl } of Object.values(esp.fields)) {
      expect(textOf(label)).toEqual(expect.any(String));
      expect(textOf(help)).toEqual(expect.any(String));
      expect(helpUrl).toMatch(/^https:\/\//);
    }
    expect(Object.values(esp.fields).some(({ secret }) => secret)).toBe(true);
  });

  test("refuses credentials that lack a field, and says which", () => {
    const issues = esp.credentials.safeParse({}).error?.issues ?? [];
    expect(issues.map(({ path, message }) => [path[0], message])).toEqual(
      Object.keys(esp.fields).map((field) => [field, "required"]),
    );
  });

  test("says where each of its operations is documented", () => {
    const others = [esp.check, esp.find, esp.lists].filter((other) => other !== undefined);
    for (const { docs } of [...others, ...operations.map(([, operation]) => operation)]) {
      expect(docs).toMatch(/^https:\/\//);
    }
  });

  test.each(["", "null", "[]", "{}", '{"data":[{}]}', "<html>"])(
    "reads nobody and no lists from the body %j",
    (body) => {
      for (const status of [200, 401, 404, 429, 500]) {
        expect(esp.find?.read(answer(status, { body }))).not.toMatchObject({ kind: "found" });
        expect(esp.lists?.read(answer(status, { body }))).not.toHaveProperty("lists");
      }
    },
  );

  describe.each(operations)("%s", (_, operation, item) => {
    const { request, read, limits } = operation as Operation<Item>;

    test("gives the same request for the same item, and changes nothing of it", () => {
      const before = structuredClone(item);
      expect(request([item])).toEqual(request([item]));
      expect(item).toEqual(before);
    });

    test("gives a request below the base address that is JSON all through, without secrets", () => {
      const { method, path, body } = request([item]);
      expect(method).toMatch(/^(POST|PATCH)$/);
      expect(path).toMatch(/^\/[a-z]/);
      expect(JSON.parse(JSON.stringify(body))).toEqual(body);
    });

    test("states limits", () => {
      for (const limit of Object.values(limits)) expect(limit).toBeGreaterThan(0);
    });

    test.each([
      [200, "delivered"],
      [401, "reconnect"],
      [422, "rejected"],
      [429, "retry"],
      [500, "retry"],
      [503, "retry"],
    ])("reads a bare %i as %s, one outcome per item", (status, kind) => {
      expect(read(answer(status), [item]).map((outcome) => outcome.kind)).toEqual([kind]);
    });

    test("passes on how long it is asked to wait", () => {
      expect(read(answer(429, { retryAfter: 7 }), [item])).toMatchObject([{ kind: "retry", afterSeconds: 7 }]);
    });

    test.each(["", "null", "[]", "{}", '{"errors":[]}', '{"errors":[{}]}', "<html>", "\u0000"])(
      "does not stumble over the body %j",
      (body) => {
        for (const status of [200, 202, 301, 400, 401, 403, 404, 409, 413, 429, 500, 599]) {
          expect(read(answer(status, { body }), [item])).toHaveLength(1);
        }
      },
    );
  });
});

function textOf(key: string): unknown {
  let found: unknown = admin;
  for (const part of key.split(".")) {
    found =
      typeof found === "object" && found !== null ? Object.entries(found).find(([name]) => name === part)?.[1] : null;
  }
  return found;
}
