import { z } from "zod";
import { type EventKey, events, propertySets } from "./catalog.ts";
import type { Role } from "./entry.ts";

/** A property as people read about it. */
export type PropertyReference = {
  readonly name: string;
  readonly type: "text" | "number" | "whole" | "date" | "url" | "flag";
  /** False: it may be absent. */
  readonly required: boolean;
  readonly description: string;
  /** "" where there is none. */
  readonly example: string;
};

export type EventReference = {
  readonly key: EventKey;
  readonly name: string;
  readonly about: Role;
  readonly when: string;
  readonly properties: readonly PropertyReference[];
};

/** What every event has besides its own (app/delivery/outbox.ts). */
const common: readonly PropertyReference[] = [
  {
    name: "Locale",
    type: "text",
    required: true,
    description: "The person's language, the shop's where it is not known",
    example: "en",
  },
  { name: "Customer Role", type: "text", required: true, description: "referrer or recipient", example: "referrer" },
];

/** Everything that ESPs are told: the merchant's reference. docs/events.md says the same. */
export function readReference() {
  return {
    events: Object.entries(events).map(
      ([key, { name, about, when, properties, example }]): EventReference => ({
        key: key as EventKey,
        name,
        about,
        when,
        properties: propertiesOf(properties, example),
      }),
    ),
    common,
    profile: propertiesOf(propertySets["properties.referrer"], {}),
  };
}

function propertiesOf(schema: z.ZodObject, example: Readonly<Record<string, unknown>>): PropertyReference[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema);
  return Object.entries(properties).map(([name, property]) => {
    if (typeof property === "boolean") throw new TypeError(`${name} has no schema`);
    return {
      name,
      type: typeOf(property),
      required: required.includes(name),
      description: property.description ?? "",
      example: example[name] === undefined ? "" : String(example[name]),
    };
  });
}

/** The type as ESPs have it. */
function typeOf({ type, format }: { readonly type?: unknown; readonly format?: string }): PropertyReference["type"] {
  if (format === "date-time") return "date";
  if (format === "uri") return "url";
  if (type === "integer") return "whole";
  if (type === "boolean") return "flag";
  return type === "number" ? "number" : "text";
}
