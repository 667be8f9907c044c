/** What Klaviyo does after its 202: at once, or once the visibility delay has passed. */
import { subscribe, unsubscribe } from "./consent.ts";
import { shortId, uuid } from "./ids.ts";
import { erase, match, upsert } from "./profiles.ts";
import { Refusal } from "./refusal.ts";
import type { Account, EventInput, Profile, ProfileEvent, Work } from "./state.ts";
import { remember, type Store } from "./store.ts";

type NewWork = Work extends infer W
  ? W extends Work
    ? Omit<W, "accountId" | "request" | "at" | "dueAt">
    : never
  : never;

/** Accepts work for an account; it is done at once unless a visibility delay is set. */
export function accept(store: Store, account: Account, request: number, work: NewWork): void {
  const delay = store.modes.settings(account.id).visibilityDelayMs;
  const accepted: Work = {
    ...work,
    accountId: account.id,
    request,
    at: store.now().toISOString(),
    dueAt: store.realTime() + delay,
  };
  if (delay === 0 && store.pending.length === 0) perform(store, account, accepted);
  else store.pending.push(accepted);
}

/** Does what is due, in the order it was accepted. Called before anything is read or written. */
export function settle(store: Store): void {
  if (store.pending.length === 0) return;
  const now = store.realTime();
  const notDue = store.pending.findIndex((work) => work.dueAt > now);
  for (const work of store.pending.splice(0, notDue === -1 ? store.pending.length : notDue)) {
    const account = store.accounts.get(work.accountId);
    if (account) perform(store, account, work);
    store.changed();
  }
}

function perform(store: Store, account: Account, work: Work): void {
  const at = new Date(work.at);
  const settings = store.modes.settings(account.id);
  switch (work.kind) {
    case "events": {
      const { profile } = upsert(account, work.profile, at, settings, "leave");
      for (const input of work.events) record(store, account, profile, input, work);
      break;
    }
    case "import":
      performImport(store, account, work, at);
      break;
    case "subscribe":
      for (const { change, channels } of work.profiles) {
        const { profile } = upsert(account, change, at, settings, "leave");
        const last = profile.lastSubscribeJob;
        const pause = settings.subscribeOnceInMinutes * 60_000;
        if (last !== null && at.getTime() - Date.parse(last) < pause) continue;
        profile.lastSubscribeJob = work.at;
        subscribe(account, profile, work, channels);
      }
      break;
    case "unsubscribe":
      for (const { change, channels } of work.profiles) {
        const { profile } = upsert(account, change, at, settings, "leave");
        unsubscribe(account, profile, work, channels);
      }
      break;
    case "erase": {
      const { profile } = match(account, work.change);
      if (profile) erase(account, profile);
      break;
    }
  }
}

/**
 * Records an event once per profile, metric and unique_id: the first one processed wins, silently.
 * Without a unique_id the time to the second takes its place (K:/components/schemas/EventCreateQueryV2ResourceObject).
 */
function record(store: Store, account: Account, profile: Profile, input: EventInput, work: Work): void {
  const stats = store.journal.of(account.id);
  const time = `${new Date(input.time ?? work.at).toISOString().slice(0, 19)}+00:00`;
  const key = `${input.metric}\n${input.uniqueId ?? time}`;
  const known = profile.eventKeys.get(key);
  if (known) {
    known.repeats += 1;
    stats.eventsRepeated += 1;
    return;
  }
  const { properties, ignored } = withoutEmpty(input.properties);
  const event: ProfileEvent = {
    id: uuid(),
    metric: input.metric,
    uniqueId: input.uniqueId,
    key,
    time,
    receivedAt: work.at,
    value: input.value,
    valueCurrency: input.valueCurrency,
    properties,
    ignored,
    backfill: input.backfill,
    request: work.request,
    repeats: 0,
  };
  profile.events.push(event);
  profile.eventKeys.set(key, event);
  profile.lastEventDate = time;
  stats.eventsRecorded += 1;
  count(account, input.metric, work.at);
  remember(account, profile, event);
}

/** Event property values 0, null and "" are ignored. */
function withoutEmpty(sent: EventInput["properties"]) {
  const properties: EventInput["properties"] = {};
  const ignored: string[] = [];
  for (const name in sent) {
    const value = sent[name];
    if (value === 0 || value === null || value === "" || value === undefined) ignored.push(name);
    else properties[name] = value;
  }
  return { properties, ignored };
}

function count(account: Account, name: string, at: string): void {
  const metric = account.metrics.get(name);
  if (metric) {
    metric.count += 1;
    metric.updated = at;
  } else {
    account.metrics.set(name, { id: shortId(), name, created: at, updated: at, count: 1 });
  }
}

function performImport(store: Store, account: Account, work: Work & { kind: "import" }, at: Date): void {
  const job = account.jobs.get(work.jobId);
  if (!job) return;
  for (const { change, original, pointer } of work.profiles) {
    try {
      const { profile } = upsert(account, change, at, store.modes.settings(account.id), "refuse");
      for (const id of job.lists) account.lists.get(id)?.members.set(profile.id, work.at);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      job.errors.push({ id: uuid(), detail: error.message, pointer, original });
    }
  }
  job.status = "complete";
  job.completed = work.at;
}
