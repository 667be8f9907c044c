import { z } from "zod";
import type { Esp } from "#app/esps/esp.ts";

/** The revision that our bodies and answers are written for: https://developers.klaviyo.com/en/docs/api_versioning_and_deprecation_policy */
const REVISION = "2026-07-15";

const pasted = z.string({ error: "required" }).trim().min(1, { error: "required", abort: true });

export const credentials = z.object({
  /** The account's own id, "site ID" in places. */
  publicKey: pasted.regex(/^[A-Za-z0-9]{6,7}$/, { error: "format" }),
  privateKey: pasted.regex(/^pk_[A-Za-z0-9_-]{8,200}$/, { error: "format" }),
});

export type KlaviyoCredentials = Readonly<z.output<typeof credentials>>;

/** How to find the public key, and how to make a private one with its scopes. */
const help = "https://help.klaviyo.com/hc/en-us/articles";

export const fields: Esp<KlaviyoCredentials>["fields"] = {
  publicKey: {
    label: "integrations.klaviyo.field.publicKey.label",
    help: "integrations.klaviyo.field.publicKey.help",
    helpUrl: `${help}/115005062267`,
    secret: false,
  },
  privateKey: {
    label: "integrations.klaviyo.field.privateKey.label",
    help: "integrations.klaviyo.field.privateKey.help",
    helpUrl: `${help}/7423954176283`,
    secret: true,
  },
};

/** https://developers.klaviyo.com/en/docs/authenticate_ */
export function headers({ privateKey }: KlaviyoCredentials): Record<string, string> {
  return {
    Authorization: `Klaviyo-API-Key ${privateKey}`,
    revision: REVISION,
    Accept: "application/vnd.api+json",
    "Content-Type": "application/vnd.api+json",
  };
}
