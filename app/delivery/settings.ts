import { z } from "zod";
import { type EventKey, events, propertySets } from "#app/catalog/catalog.ts";
import { type StandardField, standardFields } from "#app/esps/esp.ts";

/** Who joins a list: referrers when they join the program, recipients when they have claimed. */
export const audiences = ["referrers", "recipients"] as const;
export type Audience = (typeof audiences)[number];

/** Outbox entries that put somebody on a list, and the moment that each comes with. */
export const listEntries = {
  referrers: { entry: "list.referrers", comesWith: "opted-in.referrer" },
  recipients: { entry: "list.recipients", comesWith: "received-coupon.recipient" },
} as const satisfies Record<Audience, { entry: string; comesWith: EventKey }>;

/** Whom an outbox entry puts on a list; undefined where it is none of these. */
export function audienceOf(entry: string): Audience | undefined {
  return audiences.find((audience) => listEntries[audience].entry === entry);
}

/** What becomes of them: nothing, a member of the list, or a member who has agreed to be written to. */
export const listModes = ["none", "add", "subscribe"] as const;

/** What may be changed of somebody whom the ESP knows already; somebody it does not know gets all the fields. */
export const profilePolicies = ["never", "if_empty", "chosen"] as const;

/** Passalong's own properties that can be left out, by their canonical names. */
export const propertyNames: readonly string[] = Object.keys(propertySets["properties.referrer"].shape);

const eventKeys = Object.keys(events) as EventKey[];

/** What a merchant may say in our names' place of "Passalong"; Klaviyo and the others take these letters. */
export const brandWord = z.string().regex(/^[A-Za-z0-9 _-]{1,30}$/, { error: "format" });

const audienceList = z
  .object({
    mode: z.enum(listModes, { error: "format" }).default("none"),
    /** The ESP's id of it, of `listLists`. */
    listId: z.string().trim().max(100, { error: "format" }).default(""),
  })
  .refine(({ mode, listId }) => mode === "none" || listId !== "", { path: ["listId"], error: "required" });

/** A connection's settings, applied when sent: changed ones hold for what waits too. */
export const connectionSettings = z.object({
  brandWord: brandWord.default("Passalong"),
  lists: z.object({ referrers: audienceList.prefault({}), recipients: audienceList.prefault({}) }).prefault({}),
  profiles: z
    .object({
      policy: z.enum(profilePolicies, { error: "format" }).default("if_empty"),
      /** The standard fields that are sent at all; `chosen` overwrites them. */
      fields: z.array(z.enum(standardFields, { error: "format" })).default([...standardFields]),
    })
    .prefault({}),
  /** What is not sent: all that is not named here is, also what a later version adds. */
  withheld: z
    .object({
      events: z.array(z.enum(eventKeys, { error: "format" })).default([]),
      properties: z.array(z.enum(propertyNames, { error: "format" })).default([]),
    })
    .prefault({}),
});

export type ConnectionSettings = z.output<typeof connectionSettings>;
export type ProfileSettings = {
  readonly policy: (typeof profilePolicies)[number];
  readonly fields: readonly StandardField[];
};

/** What is wrong with settings: `field` is the path, such as `lists.referrers.listId`. */
export type SettingsError = { readonly field: string; readonly code: "required" | "format" };

/** Reads what a form sent; one error per field that is wrong. */
export function parseSettings(
  given: unknown,
): { ok: true; settings: ConnectionSettings } | { ok: false; errors: SettingsError[] } {
  const parsed = connectionSettings.safeParse(given);
  if (parsed.success) return { ok: true, settings: parsed.data };
  const errors = parsed.error.issues.map(
    ({ path, message }): SettingsError => ({
      field: path.length > 0 ? path.join(".") : "form",
      code: message === "required" ? "required" : "format",
    }),
  );
  return { ok: false, errors };
}
