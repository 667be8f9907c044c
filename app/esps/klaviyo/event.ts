import type { EventItem, Operation } from "#app/esps/esp.ts";
import { hasSparePhone, identifiers, ownId, standardAttributes } from "./identity.ts";
import { outcomeOf } from "./outcome.ts";

/**
 * Records one event, and the profile properties that it carries in the same call. Never in bulk: there a repeated
 * unique_id may fail the whole batch, and at-least-once delivery repeats them (QUIRKS.md 3).
 */
export const event: Operation<EventItem> = {
  docs: "https://developers.klaviyo.com/en/reference/create_event",
  limits: { items: 1, bytes: 5_000_000, perSecond: 350, perMinute: 3_500 },

  request: ([{ id, name, at, identity, standard, properties, profile, unset, value }]) => ({
    method: "POST",
    path: "/api/events",
    body: {
      data: {
        type: "event",
        attributes: {
          metric: { data: { type: "metric", attributes: { name } } },
          profile: {
            data: {
              type: "profile",
              ...ownId(identity),
              attributes: {
                ...standardAttributes(standard),
                ...identifiers(identity),
                ...(Object.keys(profile).length > 0 && { properties: profile }),
                // Beside the properties here, where profile-import has it beside the attributes (QUIRKS.md 2).
                ...(unset.length > 0 && { meta: { patch_properties: { unset } } }),
              },
            },
          },
          properties,
          time: at.toISOString(),
          ...(value && { value: value.amount, value_currency: value.currency }),
          unique_id: id,
        },
      },
    },
  }),

  // 202 without a body: checked and queued, to be seen seconds or minutes later.
  read: (answer, [{ identity, standard }]) => [outcomeOf(answer, hasSparePhone(identity, standard))],
};
