import { z } from "zod";
import { type EspKey, isEspKey } from "#app/esps/index.ts";

/** What the merchant can do with a connection. */
export const intents = ["connect", "disconnect", "enable", "disable"] as const;
export type Intent = (typeof intents)[number];

const submission = z.object({
  intent: z.enum(intents),
  esp: z.custom<EspKey>((key) => typeof key === "string" && isEspKey(key)),
});

/**
 * What a form of the page says: which connection, what to do with it, and whatever else was filled in.
 * @returns null if it is no form of ours
 */
export function parseSubmission(form: FormData) {
  const { intent, esp, ...rest } = Object.fromEntries(form);
  const parsed = submission.safeParse({ intent, esp });
  return parsed.success ? { ...parsed.data, credentials: rest } : null;
}
