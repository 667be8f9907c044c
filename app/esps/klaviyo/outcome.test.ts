import { expect, test } from "vitest";
import type { EspAnswer, Outcome } from "#app/esps/esp.ts";
import { JSON_API, refusal } from "#tests/klaviyo-answers.ts";
import { outcomeOf } from "./outcome.ts";

/** Klaviyo's documented and seen answers. */
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
    { kind: "retry", because: "HTTP 410 gone: Detail." },
  ],
  ["a redirect", { status: 302, contentType: "text/html", body: "" }, { kind: "retry", because: "HTTP 302" }],
  ["too much at once", { status: 413, contentType: "", body: "" }, { kind: "split", because: "HTTP 413" }],
  ["another content type", { status: 415, contentType: "", body: "" }, { kind: "rejected", because: "HTTP 415" }],
  [
    "too fast",
    refusal(429, { code: "throttled" }, { retryAfter: 7 }),
    { kind: "retry", because: "HTTP 429 throttled: Detail.", afterSeconds: 7, tooFast: true },
  ],
  [
    "too fast, without a time",
    refusal(429, { code: "throttled" }),
    { kind: "retry", because: "HTTP 429 throttled: Detail.", afterSeconds: 60, tooFast: true },
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
