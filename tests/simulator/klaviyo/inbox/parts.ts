/** What several pages of the inbox show in the same way. */
import type { RequestRecord } from "#tests/simulator/klaviyo/journal.ts";
import type { Json, JsonObject } from "#tests/simulator/klaviyo/json.ts";
import type { Account, ProfileEvent } from "#tests/simulator/klaviyo/state.ts";
import { type Html, html } from "./html.ts";

/** A whole document. `crumbs` lead back up; `version` tells the page's script when to look again. */
export function document(title: string, version: number, crumbs: Html, content: Html): string {
  return html`<!doctype html>
<html lang="en" data-version="${version}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Klaviyo inbox (simulated)</title>
<link rel="stylesheet" href="/inbox/style.css">
<link rel="icon" href="data:,">
<script src="/inbox/page.js" defer></script>
</head>
<body>
<header><nav aria-label="Breadcrumb">${crumbs}</nav><span>A simulated Klaviyo: nothing leaves this computer</span></header>
<main>${content}</main>
<div class="notice" role="status"><span data-notice hidden><button type="button" data-refresh>Something new has arrived: show it</button></span></div>
</body>
</html>`.html;
}

const DATE_TIME = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZone: "UTC",
});

/** `21 Nov 2026, 15:32:10 UTC` */
export function moment(iso: string): Html {
  return html`<time datetime="${iso}">${DATE_TIME.format(new Date(iso))} UTC</time>`;
}

export function accountPath(account: Account): string {
  return `/accounts/${account.id}`;
}

/** The pair that a merchant pastes into the Integrations page. */
export function keys(account: Account): Html {
  return html`<dl class="facts">
<dt>Public key</dt><dd>${copyable(account.publicKey, "public key")}</dd>
${account.keys.map(
  ({ key, revoked }) =>
    html`<dt>Private key</dt><dd>${
      revoked ? html`<code>${key}</code> <span class="tag bad">revoked</span>` : copyable(key, "private key")
    }</dd>`,
)}
</dl>`;
}

function copyable(text: string, what: string): Html {
  return html`<code>${text}</code> <button type="button" class="small" data-copy="${text}" aria-label="Copy the ${what}">Copy</button>`;
}

/** Names and values; `what` they are where there are none; `mark` is put after each name. */
export function facts(values: JsonObject, what: string, mark?: Html): Html {
  const entries = Object.entries(values);
  if (entries.length === 0) return html`<p class="quiet">No ${what}.</p>`;
  return html`<dl class="facts">${entries.map(
    ([name, value]) => html`<dt>${name} ${mark}</dt><dd>${readable(value)}</dd>`,
  )}</dl>`;
}

function readable(value: Json): Html {
  if (value === null) return html`<span class="quiet">null</span>`;
  if (typeof value === "object") return html`<code>${JSON.stringify(value)}</code>`;
  const text = String(value);
  return /^https?:\/\/\S+$/.test(text) ? html`<a href="${text}" rel="noreferrer">${text}</a>` : html`${text}`;
}

/** An event as a person reads it: what, when, with which values, and the call that brought it. */
export function event(happened: ProfileEvent, request: RequestRecord | undefined): Html {
  const { metric, time, value, valueCurrency, uniqueId, repeats, ignored, backfill, properties } = happened;
  return html`<li>
<div class="line"><h3>${metric}</h3>${moment(time)}</div>
${value !== null && html`<p class="quiet">Value ${value} ${valueCurrency}</p>`}
${facts(properties, "properties")}
<p class="quiet">
${uniqueId === null ? "No unique_id" : html`unique_id <code>${uniqueId}</code>`}${repeats > 0 && ` · came ${repeats} more time${repeats === 1 ? "" : "s"} and changed nothing`}${ignored.length > 0 && ` · ignored because empty: ${ignored.join(", ")}`}${backfill && " · backfill: triggers no flow"}
</p>
${exchange(request)}
</li>`;
}

/** The raw request and its answer, folded. */
export function exchange(request: RequestRecord | undefined): Html {
  if (!request) return html`<p class="quiet">Its request is not among the last 5,000 that are kept.</p>`;
  const headers = (of: Record<string, string>) =>
    Object.entries(of)
      .map(([name, value]) => `${name}: ${value}\n`)
      .join("");
  return html`<details>
<summary>Raw request and answer (${request.status || "no answer"})</summary>
<pre tabindex="0" aria-label="Request">${request.method} ${request.path}
${headers(request.headers)}
${indented(request.body)}</pre>
<pre tabindex="0" aria-label="Answer">${request.status || "no answer"}
${headers(request.answerHeaders)}
${indented(request.answer)}</pre>
${request.note && html`<p class="quiet">${request.note}</p>`}
</details>`;
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
