/** Who may be written to: subscribing, confirming, unsubscribing. */
import { findBy } from "./profiles.ts";
import type { Account, Channel, Profile, SuppressionReason, Work } from "./state.ts";

/** Suppressions that a subscribe call removes (K: operation description); bounces and invalid addresses stay. */
const STRIPPED: SuppressionReason[] = ["UNSUBSCRIBE", "SPAM_REPORT", "SPAM_COMPLAINT", "USER_SUPPRESSED"];

/** One profile of a subscribe job. A double opt-in list asks the shopper first, unless the import is historical. */
export function subscribe(
  account: Account,
  profile: Profile,
  work: Work & { kind: "subscribe" },
  channels: { channel: Channel; consentedAt: string | null }[],
): void {
  const list = work.listId === null ? undefined : account.lists.get(work.listId);
  const { email } = profile.subscriptions;
  email.suppressions = email.suppressions.filter(({ reason }) => !STRIPPED.includes(reason));
  if (list) email.listSuppressions = email.listSuppressions.filter(({ listId }) => listId !== list.id);

  // Without a list the account's default decides, which is double opt-in unless somebody changed it.
  const asksForConfirmation = (list?.optInProcess ?? "double_opt_in") === "double_opt_in" && !work.historical;
  for (const { channel, consentedAt } of channels) {
    const consent = profile.subscriptions[channel];
    consent.customSource = work.customSource;
    if (asksForConfirmation) continue;
    consent.consent = "SUBSCRIBED";
    consent.timestamp = consentedAt ?? work.at;
    consent.doubleOptIn = false;
  }
  if (!asksForConfirmation) list?.members.set(profile.id, work.at);
  else if (!profile.awaitingConfirmation.includes(list?.id ?? "")) profile.awaitingConfirmation.push(list?.id ?? "");
}

/** The shopper clicks "confirm" in the double opt-in mail. @returns false where nothing awaits it */
export function confirmOptIn(account: Account, email: string, at: Date): boolean {
  const profile = findBy(account, "email", email);
  if (!profile || profile.awaitingConfirmation.length === 0) return false;
  const timestamp = at.toISOString();
  for (const listId of profile.awaitingConfirmation) account.lists.get(listId)?.members.set(profile.id, timestamp);
  profile.awaitingConfirmation = [];
  Object.assign(profile.subscriptions.email, { consent: "SUBSCRIBED", timestamp, doubleOptIn: true });
  return true;
}

/** On the given list: off that list only. Not on it, or no list given: off everything (K: operation description). */
export function unsubscribe(
  account: Account,
  profile: Profile,
  work: Work & { kind: "unsubscribe" },
  channels: Channel[],
): void {
  const list = work.listId === null ? undefined : account.lists.get(work.listId);
  const { email } = profile.subscriptions;
  if (list?.members.delete(profile.id)) {
    email.listSuppressions.push({ listId: list.id, reason: "UNSUBSCRIBE", timestamp: work.at });
    return;
  }
  for (const channel of channels) {
    Object.assign(profile.subscriptions[channel], { consent: "UNSUBSCRIBED", timestamp: work.at });
  }
  if (channels.includes("email")) email.suppressions.push({ reason: "UNSUBSCRIBE", timestamp: work.at });
}
