import type { EventReference } from "#app/catalog/reference.ts";
import type { ConnectionSettings } from "#app/delivery/connections.ts";

/** What a merchant can choose from in a connection's settings, as the catalogue and the contract of the ESPs say. */
export type Choices = {
  readonly events: readonly Pick<EventReference, "key" | "name" | "about" | "when">[];
  readonly properties: readonly { readonly name: string; readonly description: string }[];
  readonly fields: readonly ConnectionSettings["profiles"]["fields"][number][];
};
