import type { z } from "zod";

/** Whose profile an event is on. */
export type Role = "referrer" | "recipient";

/**
 * One moment as one role sees it, declared once. From it come the typed `emit()`, the outbox check, `docs/events.md`,
 * the merchant's event page and the vocabularies.
 */
export type EventEntry<Properties extends z.ZodObject = z.ZodObject> = {
  /** The name at the ESP with the default brand word. */
  readonly name: string;
  readonly about: Role;
  /** When it happens, for the merchant. */
  readonly when: string;
  /** Canonical property names; every one with a description. `Locale` and `Customer Role` are added to all. */
  readonly properties: Properties;
  readonly example: z.output<Properties>;
};
