/** The accounts and everything in them: made, found, saved and read back. */
import { SCOPES, type Scope } from "./endpoints.ts";
import { privateKey, shortId } from "./ids.ts";
import { createJournal, type Journal, type RequestRecord } from "./journal.ts";
import { createModes, type Modes } from "./modes.ts";
import { identifierKey } from "./profiles.ts";
import type { Account, ApiKey, List, OptInProcess, Profile, ProfileEvent, SavedAccount, Work } from "./state.ts";

export type Store = {
  accounts: Map<string, Account>;
  /** Private key → its account and scopes. */
  keys: Map<string, { account: Account; apiKey: ApiKey }>;
  /** Accepted with 202 and not visible yet, in the order it came. */
  pending: Work[];
  journal: Journal;
  modes: Modes;
  /** The simulator's clock. */
  now: () => Date;
  /** Real time in ms: rate windows, waits and delays are measured by it. */
  realTime: () => number;
  /** Says that something has changed. */
  changed: () => void;
  /** Counts the changes, so that an open page knows when to look again. */
  version: number;
};

type Saved = {
  version: 1;
  accounts: SavedAccount[];
  pending: Work[];
  journal: { next: number; requests: RequestRecord[] };
};

/** How many of the newest events an account keeps at hand for the inbox. */
const LATEST_EVENTS = 30;

/** An empty store. */
export function createStore(options: { now: () => Date; realTime: () => number; onChange: () => void }): Store {
  const store: Store = {
    accounts: new Map(),
    keys: new Map(),
    pending: [],
    journal: createJournal(),
    modes: createModes(),
    now: options.now,
    realTime: options.realTime,
    changed: () => {
      store.version += 1;
      options.onChange();
    },
    version: 0,
  };
  return store;
}

/** What a new account may be told; everything but the name has a default. */
export type AccountSeed = {
  organizationName: string;
  publicKey?: string;
  currency?: string;
  timezone?: string;
  locale?: string;
  testAccount?: boolean;
  sms?: boolean;
  lists?: (string | { name: string; optInProcess?: OptInProcess })[];
};

/** Opens an account with one key that has every scope. */
export function openAccount(store: Store, seed: AccountSeed): { account: Account; apiKey: ApiKey } {
  const account: Account = {
    id: shortId(),
    organizationName: seed.organizationName,
    publicKey: seed.publicKey ?? shortId(),
    currency: seed.currency ?? "USD",
    timezone: seed.timezone ?? "US/Eastern",
    locale: seed.locale ?? "en-US",
    testAccount: seed.testAccount ?? false,
    sms: seed.sms ?? true,
    created: store.now().toISOString(),
    keys: [],
    lists: new Map(),
    metrics: new Map(),
    profiles: new Map(),
    identifiers: new Map(),
    jobs: new Map(),
    latest: [],
  };
  store.accounts.set(account.id, account);
  for (const list of seed.lists ?? []) {
    const { name, optInProcess } = typeof list === "string" ? { name: list, optInProcess: undefined } : list;
    addList(account, name, optInProcess ?? "double_opt_in", store.now());
  }
  return { account, apiKey: addKey(store, account, SCOPES) };
}

/** A new private key. Scopes cannot be changed afterwards, as at Klaviyo. */
export function addKey(store: Store, account: Account, scopes: readonly Scope[]): ApiKey {
  const apiKey: ApiKey = { key: privateKey(), scopes, revoked: false };
  account.keys.push(apiKey);
  store.keys.set(apiKey.key, { account, apiKey });
  return apiKey;
}

/** A new list; Klaviyo's default for an account is double opt-in. */
export function addList(account: Account, name: string, optInProcess: OptInProcess, at: Date): List {
  const created = at.toISOString();
  const list: List = { id: shortId(), name, optInProcess, created, updated: created, members: new Map() };
  account.lists.set(list.id, list);
  return list;
}

/** Puts an event where the inbox looks first. */
export function remember(account: Account, profile: Profile, event: ProfileEvent): void {
  account.latest.push({ profileId: profile.id, event });
  if (account.latest.length > LATEST_EVENTS) account.latest.shift();
}

/** Forgets everything: accounts, requests, counters, modes. */
export function clear(store: Store): void {
  store.accounts.clear();
  store.keys.clear();
  store.pending = [];
  store.journal.clear();
  store.modes.clear();
  store.changed();
}

/** Everything as plain JSON data; modes and counters are of the moment and are not kept. */
export function save(store: Store): Saved {
  return {
    version: 1,
    accounts: [...store.accounts.values()].map(({ identifiers: _, latest: __, ...account }) => ({
      ...account,
      lists: [...account.lists.values()].map((list) => ({ ...list, members: [...list.members] })),
      metrics: [...account.metrics.values()],
      profiles: [...account.profiles.values()].map(({ eventKeys: ___, ...profile }) => profile),
      jobs: [...account.jobs.values()],
    })),
    pending: store.pending,
    journal: store.journal.snapshot(),
  };
}

/** Reads back what `save` gave. @throws where it is something else */
export function restore(store: Store, saved: unknown): void {
  if (!isSaved(saved)) throw new Error("This is not a saved state of the simulated Klaviyo (version 1).");
  for (const { lists, metrics, profiles, jobs, ...rest } of saved.accounts) {
    const account: Account = {
      ...rest,
      lists: new Map(lists.map((list) => [list.id, { ...list, members: new Map(list.members) }])),
      metrics: new Map(metrics.map((metric) => [metric.name, metric])),
      profiles: new Map(),
      identifiers: new Map(),
      jobs: new Map(jobs.map((job) => [job.id, job])),
      latest: [],
    };
    for (const kept of profiles) {
      const profile: Profile = { ...kept, eventKeys: new Map(kept.events.map((event) => [event.key, event])) };
      account.profiles.set(profile.id, profile);
      for (const [name, value] of Object.entries(profile.identifiers)) {
        if (value !== null) account.identifiers.set(identifierKey(name, value), profile.id);
      }
    }
    account.latest = [...account.profiles.values()]
      .flatMap((profile) => profile.events.slice(-LATEST_EVENTS).map((event) => ({ profileId: profile.id, event })))
      .sort((a, b) => a.event.request - b.event.request)
      .slice(-LATEST_EVENTS);
    store.accounts.set(account.id, account);
    for (const apiKey of account.keys) store.keys.set(apiKey.key, { account, apiKey });
  }
  store.pending = saved.pending;
  store.journal.restore(saved.journal);
}

function isSaved(saved: unknown): saved is Saved {
  return typeof saved === "object" && saved !== null && "version" in saved && saved.version === 1;
}
