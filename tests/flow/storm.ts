import { randomUUID } from "node:crypto";
import type { SignedWebhook } from "#app/shopify/verify-webhook.ts";

/** Decides what arrives of the webhooks that Shopify sent, and when. */
export type Weather = {
  /** What arrives before the next thing happens. */
  arriving(sent: readonly SignedWebhook[]): readonly SignedWebhook[];
  /** What is still under way when all is over. */
  late(): readonly SignedWebhook[];
};

/** Everything arrives once, as it was sent. */
export const calm: Weather = { arriving: (sent) => sent, late: () => [] };

/**
 * Webhooks come in any order, twice, under another id, and long after the fact. Only: of every order and customer some
 * news comes before the next thing happens, because what nobody heard of is not there to be looked up.
 * @param seed repeats a storm
 */
export function storm(seed: number): Weather {
  const random = randomOf(seed);
  const underWay: SignedWebhook[] = [];
  const shuffled = (webhooks: readonly SignedWebhook[]) =>
    webhooks
      .map((webhook) => ({ webhook, key: random() }))
      .sort((a, b) => a.key - b.key)
      .map(({ webhook }) => webhook);
  return {
    arriving(sent) {
      const heard = new Set<string>();
      const now: SignedWebhook[] = [];
      for (const webhook of shuffled(sent)) {
        const isFirst = !heard.has(subjectOf(webhook));
        heard.add(subjectOf(webhook));
        if (isFirst || random() < 0.4) now.push(webhook);
        else underWay.push(webhook);
        if (random() < 0.2) underWay.push(random() < 0.5 ? webhook : { ...webhook, webhookId: randomUUID() });
      }
      const catchingUp = underWay.splice(0, Math.floor(underWay.length * random()));
      return shuffled([...now, ...catchingUp]);
    },
    late: () => shuffled(underWay.splice(0)),
  };
}

/** What a body is about: an order (also that of a refund or edit), or a customer. */
function subjectOf({ text }: SignedWebhook): string {
  return /"order_id":(\d+)/.exec(text)?.[1] ?? /"(?:customer_)?id":(\d+)/.exec(text)?.[1] ?? text;
}

/** Numbers from 0 to 1, always the same for a seed: https://en.wikipedia.org/wiki/Linear_congruential_generator */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
