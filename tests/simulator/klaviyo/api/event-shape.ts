/** What may be said in an event, alone and in a batch. */
import type { JsonObject } from "#tests/simulator/klaviyo/json.ts";
import { invalid } from "#tests/simulator/klaviyo/refusal.ts";
import {
  array,
  bool,
  json,
  nullable,
  number,
  object,
  oneOf,
  type Reader,
  type ReadOf,
  text,
} from "#tests/simulator/klaviyo/shape.ts";
import { eventProfileAttributes, lenientEventProfileAttributes } from "./profile-shape.ts";

// Limits of events: K:/components/schemas/EventCreateQueryV2ResourceObject.
const MAX_PROPERTIES = 400;
const MAX_STRING_BYTES = 100 * 1024;
const MAX_ITEMS = 4000;
const MAX_DEPTH = 10;
export const MAX_BULK_EVENTS = 1000;

const ISO_8601 = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

const time: Reader<string> = (value, pointer) => {
  const stated = text()(value, pointer);
  if (!ISO_8601.test(stated) || Number.isNaN(Date.parse(stated))) {
    throw invalid("Invalid datetime: expected ISO 8601 (YYYY-MM-DDThh:mm:ss+00:00).", pointer);
  }
  return stated;
};

const currency: Reader<string> = (value, pointer) => {
  const code = text()(value, pointer);
  if (!/^[A-Z]{3}$/.test(code)) throw invalid("Not a valid ISO 4217 currency code.", pointer);
  return code;
};

const eventProperties: Reader<JsonObject> = (value, pointer) => {
  const properties = json(value, pointer);
  if (Object.keys(properties).length > MAX_PROPERTIES) {
    throw invalid(`The number of event properties must not exceed ${MAX_PROPERTIES}.`, pointer);
  }
  checkSize(properties, pointer, 0);
  return properties;
};

function checkSize(value: unknown, pointer: string, depth: number): void {
  if (typeof value === "string" && value.length * 3 > MAX_STRING_BYTES && Buffer.byteLength(value) > MAX_STRING_BYTES) {
    throw invalid("A string must not be larger than 100 KB.", pointer);
  }
  if (typeof value !== "object" || value === null) return;
  if (depth > MAX_DEPTH) throw invalid(`Objects must not be nested deeper than ${MAX_DEPTH} levels.`, pointer);
  if (Array.isArray(value) && value.length > MAX_ITEMS) {
    throw invalid(`An array must not have more than ${MAX_ITEMS} items.`, pointer);
  }
  for (const [name, inner] of Object.entries(value)) checkSize(inner, `${pointer}/${name}`, depth + 1);
}

const metricName: Reader<string> = (value, pointer) => {
  const name = text({ min: 1 })(value, pointer);
  if (name.length >= 128) throw invalid("The metric name must be less than 128 characters.", pointer);
  return name;
};

const metric = object(
  "metric",
  {
    data: object(
      "metric",
      {
        type: oneOf("metric"),
        attributes: object("metric", { name: metricName }, { service: nullable(text()) }),
      },
      {},
    ),
  },
  {},
);

function profileOf<T>(attributes: Reader<T>) {
  return object(
    "profile",
    {
      data: object("profile", { type: oneOf("profile"), attributes }, { id: nullable(text()) }),
    },
    {},
  );
}

const eventFields = { properties: eventProperties, metric };
const eventOptions = {
  time: nullable(time),
  value: nullable(number),
  value_currency: nullable(currency),
  unique_id: nullable(text({ min: 1, max: 255 })),
  backfill: nullable(bool),
};

function eventQuery<T>(profileAttributes: Reader<T>) {
  return object(
    "request-data",
    {
      data: object(
        "event",
        {
          type: oneOf("event"),
          attributes: object("event", { ...eventFields, profile: profileOf(profileAttributes) }, eventOptions),
        },
        {},
      ),
    },
    {},
  );
}

function bulkQuery<T>(profileAttributes: Reader<T>) {
  const event = object("event", { type: oneOf("event"), attributes: object("event", eventFields, eventOptions) }, {});
  const entry = object(
    "event-bulk-create",
    {
      type: oneOf("event-bulk-create"),
      attributes: object(
        "event-bulk-create",
        {
          profile: profileOf(profileAttributes),
          events: object("events", { data: array(event, { max: MAX_BULK_EVENTS }) }, {}),
        },
        { backfill: nullable(bool) },
      ),
    },
    {},
  );
  return object(
    "request-data",
    {
      data: object(
        "event-bulk-create-job",
        {
          type: oneOf("event-bulk-create-job"),
          attributes: object(
            "event-bulk-create-job",
            {
              "events-bulk-create": object("events-bulk-create", { data: array(entry, { max: MAX_BULK_EVENTS }) }, {}),
            },
            {},
          ),
        },
        {},
      ),
    },
    {},
  );
}

/** What the two operations accept. */
export const strict = { single: eventQuery(eventProfileAttributes), bulk: bulkQuery(eventProfileAttributes) };
/** The same where an invalid phone does no harm, see `invalidEventPhone`. */
export const lenient = {
  single: eventQuery(lenientEventProfileAttributes),
  bulk: bulkQuery(lenientEventProfileAttributes),
};

export type EventAttributes = Omit<ReadOf<typeof strict.single>["data"]["attributes"], "profile">;
export type EventProfile = ReadOf<typeof strict.single>["data"]["attributes"]["profile"];
