import { z } from "zod";
import type { Operation, ProfileItem } from "#app/esps/esp.ts";
import { hasSparePhone, identifiers, ownId, standardAttributes } from "./identity.ts";
import { outcomeOf, parseJson } from "./outcome.ts";

const imported = z.object({ data: z.object({ id: z.string() }) });

/** Creates or updates one profile; what is not named stays as it is. */
export const profile: Operation<ProfileItem> = {
  docs: "https://developers.klaviyo.com/en/reference/create_or_update_profile",
  limits: { items: 1, bytes: 100_000, perSecond: 75, perMinute: 750 },

  request: ([{ identity, standard, properties, unset }]) => ({
    method: "POST",
    path: "/api/profile-import",
    body: {
      data: {
        type: "profile",
        ...ownId(identity),
        attributes: { ...standardAttributes(standard), ...identifiers(identity), properties },
        // Only this removes a property; what null does inside properties is not documented (QUIRKS.md 2).
        ...(unset.length > 0 && { meta: { patch_properties: { unset } } }),
      },
    },
  }),

  read(answer, [{ identity, standard }]) {
    const outcome = outcomeOf(answer, hasSparePhone(identity, standard));
    if (outcome.kind !== "delivered") return [outcome];
    const { data } = imported.safeParse(parseJson(answer.body));
    return [{ ...outcome, profileId: data?.data.id }];
  },
};
