/** The control API under `/_sim`: see README.md. */

import { confirmOptIn } from "./consent.ts";
import type { AccountView, EventView, ListView, ModeView, NewAccount, ProfileView } from "./contract.ts";
import { accountSeed, confirmation, keySeed, mode, profileSeed, revocation, suppression } from "./control-shape.ts";
import { SCOPES } from "./endpoints.ts";
import { findBy, upsert } from "./profiles.ts";
import { notFound, refusal } from "./refusal.ts";
import type { Account, ApiKey, List, Profile } from "./state.ts";
import { addKey, clear, openAccount, type Store } from "./store.ts";
import { settle } from "./work.ts";

type Input = { store: Store; query: URLSearchParams; body: unknown };

/** `/_sim/{name}` */
const OVERALL: Record<string, (input: Input) => unknown> = {
  "POST reset": ({ store }) => clear(store),
  "GET version": ({ store }) => ({ version: store.version }),
  "GET stats": ({ store }) => store.journal.stats(),
  "POST stats/reset": ({ store }) => store.journal.clearStats(),
  "GET mode": ({ store }): ModeView => store.modes.current(),
  "POST mode": ({ store, body }) => store.modes.set(mode(body, "")),
  "GET requests": ({ store }) => store.journal.list(),
  "GET accounts": ({ store }) => [...store.accounts.values()].map(viewAccount),
  "POST accounts": createAccount,
};

/** `/_sim/accounts/{id}/{name}` */
const OF_ACCOUNT: Record<string, (account: Account, input: Input) => unknown> = {
  "POST keys": createKey,
  "POST keys/revoke": revokeKeys,
  "GET lists": (account) => [...account.lists.values()].map(viewList),
  "GET profiles": (account, input) => profilesOf(account, input).map((profile) => viewProfile(account, profile)),
  "POST profiles": seedProfile,
  "POST suppressions": suppress,
  "POST opt-ins/confirm": confirm,
  "GET events": listEvents,
  "GET requests": (account, { store }) => store.journal.list(account.id),
};

/** Answers one call. @returns what to send as JSON; undefined for "done" @throws Refusal */
export function control(store: Store, method: string, url: URL, body: unknown): unknown {
  settle(store);
  const answer = dispatch({ store, query: url.searchParams, body }, method, url.pathname);
  if (method === "POST") store.changed();
  return answer;
}

function dispatch(input: Input, method: string, path: string): unknown {
  const [, id, name] = /^\/_sim\/accounts\/([^/]+)\/(.+)$/.exec(path) ?? [];
  if (id === undefined) {
    const handle = OVERALL[`${method} ${path.slice("/_sim/".length)}`];
    if (handle) return handle(input);
  } else {
    const handle = OF_ACCOUNT[`${method} ${name}`];
    const account = input.store.accounts.get(id);
    if (handle && !account) throw notFound("account", id);
    if (handle && account) return handle(account, input);
  }
  const detail = `There is no ${method} ${path}; see tests/simulator/klaviyo/README.md.`;
  throw refusal(404, "not_found", "Not found.", detail);
}

function createAccount({ store, body }: Input): NewAccount {
  const seed = accountSeed(body, "");
  const taken = [...store.accounts.values()].some((account) => account.publicKey === seed.publicKey);
  if (taken) throw refusal(409, "conflict", "Conflict.", `The public key ${seed.publicKey} is taken.`);
  const { account, apiKey } = openAccount(store, seed);
  return { id: account.id, publicKey: account.publicKey, privateKey: apiKey.key };
}

function createKey(account: Account, { store, body }: Input): ApiKey {
  return addKey(store, account, keySeed(body ?? {}, "").scopes ?? SCOPES);
}

function revokeKeys(account: Account, { body }: Input): void {
  const { key, all } = revocation(body, "");
  const chosen = account.keys.filter((candidate) => all || candidate.key === key);
  if (chosen.length === 0) throw notFound("key", key ?? "(none named)");
  for (const apiKey of chosen) apiKey.revoked = true;
}

/** Somebody who was there before: written directly, without rate limits or an entry in the journal. */
function seedProfile(account: Account, { store, body }: Input): ProfileView {
  const { email, phone_number, external_id, _kx: _, ...rest } = profileSeed(body, "");
  const { location, properties, consent, lists, ...standard } = rest;
  const identifiers = { email, phone_number, external_id };
  const at = store.now();
  const settings = store.modes.settings(account.id);
  const change = { identifiers, standard, location, properties };
  const { profile } = upsert(account, change, at, settings, "refuse");
  const timestamp = at.toISOString();
  if (consent?.email) Object.assign(profile.subscriptions.email, { consent: consent.email, timestamp });
  if (consent?.sms) Object.assign(profile.subscriptions.sms, { consent: consent.sms, timestamp });
  for (const id of lists ?? []) {
    const list = account.lists.get(id);
    if (!list) throw notFound("list", id);
    list.members.set(profile.id, timestamp);
  }
  return viewProfile(account, profile);
}

/** A shopper unsubscribes, complains or bounces, outside of the API. */
function suppress(account: Account, { store, body }: Input): ProfileView {
  const { email, reason } = suppression(body, "");
  const profile = findBy(account, "email", email);
  if (!profile) throw notFound("profile", email);
  const timestamp = store.now().toISOString();
  profile.subscriptions.email.suppressions.push({ reason, timestamp });
  if (reason === "UNSUBSCRIBE") Object.assign(profile.subscriptions.email, { consent: "UNSUBSCRIBED", timestamp });
  return viewProfile(account, profile);
}

function confirm(account: Account, { store, body }: Input): void {
  const { email: address } = confirmation(body, "");
  if (!confirmOptIn(account, address, store.now())) throw notFound("pending confirmation", address);
}

function profilesOf(account: Account, { query }: Input): Profile[] {
  const email = query.get("email");
  if (email === null) return [...account.profiles.values()];
  const profile = findBy(account, "email", email);
  return profile ? [profile] : [];
}

function listEvents(account: Account, input: Input): EventView[] {
  const metric = input.query.get("metric");
  return profilesOf(account, input)
    .flatMap(({ id, identifiers, events }) =>
      events.map(({ key: _, ...event }) => ({ ...event, profile: { id, email: identifiers.email } })),
    )
    .filter((event) => metric === null || event.metric === metric)
    .sort((a, b) => a.request - b.request);
}

function viewAccount(account: Account): AccountView {
  const { id, organizationName, publicKey, currency, timezone, keys, profiles, metrics } = account;
  const events = [...metrics.values()].reduce((total, metric) => total + metric.count, 0);
  return { id, organizationName, publicKey, currency, timezone, keys, profiles: profiles.size, events };
}

function viewList({ id, name, optInProcess, members }: List): ListView {
  return { id, name, optInProcess, members: [...members.keys()] };
}

function viewProfile(account: Account, profile: Profile): ProfileView {
  const lists = [...account.lists.values()].filter((list) => list.members.has(profile.id));
  return {
    id: profile.id,
    ...profile.identifiers,
    ...profile.standard,
    location: profile.location,
    properties: profile.properties,
    subscriptions: profile.subscriptions,
    awaitingConfirmation: profile.awaitingConfirmation,
    lists: lists.map(({ id, name }) => ({ id, name })),
    created: profile.created,
    updated: profile.updated,
  };
}
