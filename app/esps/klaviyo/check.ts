import { z } from "zod";
import type { Check, CheckResult, EspAnswer, EspRequest, Probe } from "#app/esps/esp.ts";
import type { KlaviyoCredentials } from "./credentials.ts";
import { outcomeOf, parseJson } from "./outcome.ts";

const accounts = z.object({
  data: z.tuple([
    z.object({
      id: z.string(),
      attributes: z.object({
        public_api_key: z.string(),
        contact_information: z.object({ organization_name: z.string().catch("") }).catch({ organization_name: "" }),
      }),
    }),
  ]),
});

/**
 * GET /api/accounts proves the key and tells whose it is. It cannot tell the key's other scopes, and nothing else can; so
 * each is tried with a call that changes nothing: a page of one, or a body that is refused for its shape (QUIRKS.md 8).
 */
export const check: Check<KlaviyoCredentials> = {
  docs: "https://developers.klaviyo.com/en/reference/get_accounts",
  request: { method: "GET", path: "/api/accounts" },

  read(answer, { publicKey }) {
    if (answer.status !== 200) return refused(answer);
    const { data } = accounts.safeParse(parseJson(answer.body));
    if (!data) return { ok: false, because: "unavailable" };
    const [{ id, attributes }] = data.data;
    if (publicKey !== attributes.public_api_key) return { ok: false, because: "wrong_account", field: "publicKey" };
    return { ok: true, accountKey: id, accountName: attributes.contact_information.organization_name || id };
  },

  probes: [
    probe("profiles:read", { method: "GET", path: "/api/profiles?page[size]=1&fields[profile]=created" }),
    probe("profiles:write", refusedFor("/api/profile-import", "profile")),
    probe("events:write", refusedFor("/api/events", "event")),
    probe("lists:read", { method: "GET", path: "/api/lists?page[size]=1" }),
    probe("lists:write", refusedFor("/api/lists/none/relationships/profiles", "profile")),
    probe(
      "subscriptions:write",
      refusedFor("/api/profile-subscription-bulk-create-jobs", "profile-subscription-bulk-create-job"),
    ),
  ],
};

function probe(scope: string, request: EspRequest): Probe {
  return { scope, request, allowed: (answer) => outcomeOf(answer).kind !== "reconnect" };
}

function refusedFor(path: string, type: string): EspRequest {
  return { method: "POST", path, body: { data: { type } } };
}

function refused(answer: EspAnswer): CheckResult {
  if (outcomeOf(answer).kind !== "reconnect") return { ok: false, because: "unavailable" };
  if (answer.status !== 403) return { ok: false, because: "key_refused", field: "privateKey" };
  return { ok: false, because: "scopes_missing", field: "privateKey", scopes: "accounts:read" };
}
