/** The pages for people: all accounts, one account, one profile, the calls of an account. */
import type { JsonObject } from "#tests/simulator/klaviyo/json.ts";
import { nameOf } from "#tests/simulator/klaviyo/profiles.ts";
import type { Account, ChannelConsent, Profile } from "#tests/simulator/klaviyo/state.ts";
import type { Store } from "#tests/simulator/klaviyo/store.ts";
import { type Html, html } from "./html.ts";
import { accountPath, document, event, exchange, facts, keys, moment } from "./parts.ts";

const SHOWN = 50;

/** `/`: the newest activity and the accounts, the busiest moment first. */
export function frontPage(store: Store): string {
  const accounts = [...store.accounts.values()].sort((a, b) => lastActivity(b).localeCompare(lastActivity(a)));
  const content = html`<h1>Klaviyo inbox</h1>
<p class="quiet">What Klaviyo has received. Open an account to see its people, and a person to see their properties and events.</p>
${accounts.length === 0 && html`<p>No account yet. One is made by <code>POST /_sim/accounts</code>.</p>`}
${accounts.slice(0, SHOWN).map(
  (account) => html`<section class="card">
<h2><a href="${accountPath(account)}">${account.organizationName}</a></h2>
<p class="quiet">${plural(account.profiles.size, "profile")} · ${plural(eventsOf(account), "event")}</p>
${latestEvents(account, 3)}
<details><summary>Keys to connect with</summary>${keys(account)}</details>
</section>`,
)}
${accounts.length > SHOWN && html`<p class="quiet">and ${accounts.length - SHOWN} more accounts</p>`}`;
  return document("Accounts", store.version, html`Klaviyo inbox`, content);
}

/** `/accounts/{id}?q=&list=`: people, events, metrics, lists. */
export function accountPage(store: Store, account: Account, query: URLSearchParams): string {
  const search = query.get("q")?.trim() ?? "";
  const list = account.lists.get(query.get("list") ?? "");
  const found = [...account.profiles.values()]
    .filter((profile) => (!list || list.members.has(profile.id)) && matches(profile, search))
    .sort((a, b) => b.updated.localeCompare(a.updated));
  const content = html`<h1>${account.organizationName}</h1>
<p class="quiet">${plural(account.profiles.size, "profile")} · ${plural(eventsOf(account), "event")} · <a href="${accountPath(account)}/requests">all calls</a></p>
<h2>${list ? `Profiles on “${list.name}”` : "Profiles"}</h2>
<div class="card">
<form method="get" role="search">
<label>Search by name, e-mail or phone <input type="search" name="q" value="${search}"></label>
${list && html`<input type="hidden" name="list" value="${list.id}">`}
<button type="submit">Search</button>
</form>
${found.length === 0 && html`<p class="quiet">${search ? "Nobody found." : "Nobody here yet."}</p>`}
<ul class="rows">${found.slice(0, SHOWN).map((profile) => profileRow(account, profile))}</ul>
${found.length > SHOWN && html`<p class="quiet">and ${found.length - SHOWN} more: search for them</p>`}
</div>
<div class="columns">
<section><h2>Newest events</h2><div class="card">${latestEvents(account, 10)}</div></section>
<section><h2>Metrics</h2><div class="card">${metrics(account)}</div>
<h2>Lists</h2><div class="card">${lists(account)}</div></section>
</div>
<h2>Keys</h2>
<div class="card">${keys(account)}</div>`;
  return document(account.organizationName, store.version, toFront(), content);
}

/** `/accounts/{id}/profiles/{id}?from=`: who somebody is to Klaviyo, and what happened, newest first. */
export function profilePage(store: Store, account: Account, profile: Profile, query: URLSearchParams): string {
  const from = Number.parseInt(query.get("from") ?? "0", 10) || 0;
  const timeline = [...profile.events].sort((a, b) => b.time.localeCompare(a.time) || b.request - a.request);
  const content = html`<h1>${nameOf(profile)}</h1>
<p class="quiet">Created ${moment(profile.created)}, last changed ${moment(profile.updated)}</p>
<h2>Properties</h2>
<div class="card">${facts(standardFacts(profile), "standard properties")}${facts(profile.properties, "custom properties", html`<span class="tag">custom</span>`)}</div>
<h2>Subscriptions</h2>
<div class="card">${subscriptions(account, profile)}</div>
<h2>Timeline</h2>
<div class="card">
${timeline.length === 0 && html`<p class="quiet">No events.</p>`}
<ol class="rows">${timeline.slice(from, from + SHOWN).map((happened) => event(happened, store.journal.find(happened.request)))}</ol>
${timeline.length > from + SHOWN && html`<p><a href="?from=${from + SHOWN}">Older events</a></p>`}
</div>`;
  const crumbs = html`${toFront()} › <a href="${accountPath(account)}">${account.organizationName}</a>`;
  return document(nameOf(profile), store.version, crumbs, content);
}

/** `/accounts/{id}/requests`: the newest calls, refused ones marked. */
export function requestsPage(store: Store, account: Account): string {
  const content = html`<h1>Calls</h1>
<p class="quiet">The newest ${SHOWN} calls with a key of ${account.organizationName}.</p>
<div class="card"><ol class="rows">${store.journal.list(account.id, SHOWN).map(
    (request) => html`<li>
<div class="line"><span><span class="name">${request.method} ${request.path}</span>
<span class="tag ${(request.status >= 400 || request.status === 0) && "bad"}">${request.status || "no answer"}</span></span>${moment(request.at)}</div>
${exchange(request)}</li>`,
  )}</ol></div>`;
  const crumbs = html`${toFront()} › <a href="${accountPath(account)}">${account.organizationName}</a>`;
  return document("Calls", store.version, crumbs, content);
}

export function missingPage(store: Store): string {
  return document(
    "Not found",
    store.version,
    toFront(),
    html`<h1>Not found</h1><p>There is nothing at this address.</p>`,
  );
}

function toFront(): Html {
  return html`<a href="/">Klaviyo inbox</a>`;
}

function profileRow(account: Account, profile: Profile): Html {
  const last = profile.events.at(-1);
  const { email, phone_number } = profile.identifiers;
  return html`<li>
<div class="line"><a class="name" href="${profilePath(account, profile)}">${nameOf(profile)}</a>${last ? moment(last.time) : ""}</div>
<div class="line quiet"><span>${email ?? phone_number}</span><span>${last?.metric ?? "No events"}</span></div>
</li>`;
}

function latestEvents(account: Account, count: number): Html {
  const events = account.latest.slice(-count).reverse();
  if (events.length === 0) return html`<p class="quiet">No events yet.</p>`;
  return html`<ol class="rows">${events.map(({ profileId, event }) => {
    const profile = account.profiles.get(profileId);
    return (
      profile &&
      html`<li><div class="line"><span class="name">${event.metric}</span>${moment(event.time)}</div>
<a href="${profilePath(account, profile)}">${nameOf(profile)}</a></li>`
    );
  })}</ol>`;
}

function metrics(account: Account): Html {
  const rows = [...account.metrics.values()].sort((a, b) => b.count - a.count);
  if (rows.length === 0) return html`<p class="quiet">None yet.</p>`;
  return html`<ul class="rows">${rows.map(
    ({ name, count }) =>
      html`<li class="line"><span>${name}</span><span class="count">${plural(count, "event")}</span></li>`,
  )}</ul>`;
}

function lists(account: Account): Html {
  if (account.lists.size === 0) return html`<p class="quiet">None.</p>`;
  return html`<ul class="rows">${[...account.lists.values()].map(
    (list) => html`<li class="line"><a href="?list=${list.id}">${list.name}</a>
<span class="count">${plural(list.members.size, "profile")} · ${list.optInProcess === "double_opt_in" ? "double opt-in" : "single opt-in"}</span></li>`,
  )}</ul>`;
}

function subscriptions(account: Account, profile: Profile): Html {
  const { email, sms } = profile.subscriptions;
  const on = [...account.lists.values()].filter((list) => list.members.has(profile.id)).map((list) => list.name);
  const awaiting = profile.awaitingConfirmation.map((id) => account.lists.get(id)?.name ?? "the account");
  return html`<dl class="facts">
<dt>E-mail</dt><dd>${consent(email)}${email.suppressions.map(({ reason }) => html` <span class="tag bad">${reason}</span>`)}</dd>
<dt>SMS</dt><dd>${consent(sms)}</dd>
<dt>Lists</dt><dd>${on.join(", ") || "none"}</dd>
${awaiting.length > 0 && html`<dt>Awaiting confirmation</dt><dd>${awaiting.join(", ")} (double opt-in)</dd>`}
</dl>`;
}

function consent({ consent, timestamp }: ChannelConsent): Html {
  const words = consent.toLowerCase().replace("_", " ");
  return timestamp === null ? html`${words}` : html`${words} since ${moment(timestamp)}`;
}

function standardFacts(profile: Profile): JsonObject {
  const all: JsonObject = { ...profile.identifiers, ...profile.standard };
  for (const [name, value] of Object.entries(profile.location)) all[`location.${name}`] = value;
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

function matches(profile: Profile, search: string): boolean {
  if (search === "") return true;
  const { email, phone_number, external_id } = profile.identifiers;
  const text = [nameOf(profile), email, phone_number, external_id].join(" ").toLowerCase();
  return text.includes(search.toLowerCase());
}

function profilePath(account: Account, profile: Profile): string {
  return `${accountPath(account)}/profiles/${profile.id}`;
}

function eventsOf(account: Account): number {
  return [...account.metrics.values()].reduce((total, { count }) => total + count, 0);
}

function lastActivity(account: Account): string {
  return account.latest.at(-1)?.event.receivedAt ?? account.created;
}

function plural(count: number, word: string): string {
  return `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
}
