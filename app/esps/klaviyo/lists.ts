import { z } from "zod";
import type { EspAnswer, Lists, MemberItem, Operation, Outcome, SubscriberItem } from "#app/esps/esp.ts";
import { errorsOf, outcomeOf, parseJson } from "./outcome.ts";

const page = z.object({
  data: z.array(
    z.object({ id: z.string(), attributes: z.object({ name: z.string(), opt_in_process: z.string().nullish() }) }),
  ),
  links: z.object({ next: z.url().nullish() }).catch({}),
});

/** Pages of ten; `links.next` is a whole address, of which we follow the path alone, at the address that we know. */
export const lists: Lists = {
  docs: "https://developers.klaviyo.com/en/reference/get_lists",

  request: (next) => ({ method: "GET", path: next ?? "/api/lists?fields[list]=name,opt_in_process&sort=name" }),

  read(answer) {
    const outcome = outcomeOf(answer);
    if (outcome.kind !== "delivered") return outcome;
    const { data: read } = page.safeParse(parseJson(answer.body));
    if (!read) return { kind: "retry", because: `HTTP ${answer.status}: not the lists that were asked for` };
    const next = read.links.next ? new URL(read.links.next) : null;
    return {
      lists: read.data.map(({ id, attributes: { name, opt_in_process } }) => ({
        id,
        name,
        doubleOptIn: opt_in_process === "double_opt_in",
      })),
      next: next && `${next.pathname}${next.search}`,
    };
  },
};

/** By Klaviyo's own profile ids; consent stays as it is. */
export const addToList: Operation<MemberItem> = {
  docs: "https://developers.klaviyo.com/en/reference/add_profiles_to_list",
  limits: { items: 1, bytes: 5_000_000, perSecond: 10, perMinute: 150 },

  request: ([{ identity, listId }]) => ({
    method: "POST",
    path: `/api/lists/${encodeURIComponent(listId)}/relationships/profiles`,
    body: { data: [{ type: "profile", id: identity.profileId }] },
  }),

  read: (answer) => [withoutGoneProfile(answer, outcomeOf(answer))],
};

/** A profile that was merged or deleted since we learnt its id is asked for again; a list that is gone is not. */
function withoutGoneProfile(answer: EspAnswer, outcome: Outcome): Outcome {
  const [error] = answer.status === 404 ? errorsOf(answer) : [];
  if (outcome.kind !== "rejected" || !error?.source.pointer.startsWith("/data/0")) return outcome;
  return { kind: "resend", because: outcome.because, change: "without-profile-id" };
}

/**
 * Takes suppressions away (QUIRKS.md 15): never to be called for somebody who unsubscribed. The list's own setting decides
 * whether Klaviyo asks the shopper to confirm.
 */
export const subscribe: Operation<SubscriberItem> = {
  docs: "https://developers.klaviyo.com/en/reference/bulk_subscribe_profiles",
  limits: { items: 1, bytes: 5_000_000, perSecond: 75, perMinute: 750 },

  request: ([{ identity, listId, source }]) => ({
    method: "POST",
    path: "/api/profile-subscription-bulk-create-jobs",
    body: {
      data: {
        type: "profile-subscription-bulk-create-job",
        attributes: {
          custom_source: source,
          profiles: {
            data: [
              {
                type: "profile",
                attributes: {
                  email: identity.email,
                  subscriptions: { email: { marketing: { consent: "SUBSCRIBED" } } },
                },
              },
            ],
          },
        },
        relationships: { list: { data: { type: "list", id: listId } } },
      },
    },
  }),

  read: (answer) => [outcomeOf(answer)],
};
