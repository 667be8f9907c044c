import type { ReferralDetail, RewardRow, Step } from "#app/domain/referrals/read-referral.ts";
import { shownUncounted } from "#app/routes/app.uncounted/shown.ts";
import type { Formats } from "#app/ui/formats.ts";

/** A referral as its page shows it. */
export type ShownReferral = ReturnType<typeof shownReferral>;

export function shownReferral(detail: ReferralDetail, formats: Formats) {
  const { createdAt, revenue, dueAt, order, steps, rewards, uncounted, ...rest } = detail;
  return {
    ...rest,
    started: formats.moment(createdAt),
    revenue: formats.money(revenue),
    due: dueAt && formats.moment(dueAt),
    order: order && { placed: formats.moment(order.placedAt), total: formats.money(order.total) },
    steps: steps.map((step) => shownStep(step, formats)),
    rewards: rewards.map((reward) => shownReward(reward, formats)),
    uncounted: uncounted.map((other) => shownUncounted(other, formats)),
  };
}

/** A step as the timeline shows it: of its evidence, what has words. */
export type ShownStep = ReturnType<typeof shownStep>;

function shownStep({ id, at, to, cause, evidence }: Step, formats: Formats) {
  const text = (name: string) => (typeof evidence[name] === "string" ? evidence[name] : null);
  return {
    id,
    time: formats.moment(at),
    to,
    cause,
    order: text("order"),
    signal: text("signal"),
    code: text("code"),
    reason: text("reason"),
    notify: typeof evidence.notify === "boolean" ? evidence.notify : null,
    holdDays: typeof evidence.holdDays === "number" ? evidence.holdDays : null,
    /** Shopify was asked whether the buyer had ordered before and could not say. */
    historyUnknown: evidence.earlierPaidOrder === null,
  };
}

function shownReward({ expiresAt, ...reward }: RewardRow, formats: Formats) {
  return { ...reward, expires: expiresAt && formats.moment(expiresAt) };
}
