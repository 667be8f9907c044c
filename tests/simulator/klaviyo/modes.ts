/** What the control API has switched: failures to play, and the behaviours that may be either way. */
import type { Json } from "./json.ts";

/**
 * Behaviours of the whole stand-in or of one account. Those below "UNVERIFIED" are not known of the real Klaviyo
 *: the default is what would hurt a careless client most.
 */
export type Settings = {
  /** ms (real time) until what was answered with 202 can be seen. */
  visibilityDelayMs: number;
  /** Rate windows: on, off, or the factor their length is scaled by (1/50: the same calls in a 50th of the time). */
  rateLimits: boolean | number;
  /** Events of @example.com and @test.com addresses are answered 202 and dropped. */
  dropTestDomains: boolean;
  /** Minutes in which a second subscribe job of the same profile has no effect. */
  subscribeOnceInMinutes: number;

  /** UNVERIFIED: the docs say 400 for a bad key, live probes saw 401. */
  badKeyStatus: 401 | 400;
  /** UNVERIFIED: a repeated unique_id fails the whole bulk request (spec), only within one batch, or is dropped (docs page). */
  bulkRepeats: "refuse" | "refuse-within-batch" | "drop";
  /** UNVERIFIED: null inside custom `properties` is kept as null, or removes the property. */
  nullProperty: "store" | "remove";
  /** UNVERIFIED: an event with an invalid phone and a valid e-mail is refused, or taken without the phone. */
  invalidEventPhone: "refuse" | "ignore";
  /** UNVERIFIED: a revision older than two years answers 410, or is still served. */
  retiredRevision: "gone" | "serve";
};

const DEFAULT_SETTINGS: Settings = {
  visibilityDelayMs: 0,
  rateLimits: true,
  dropTestDomains: true,
  subscribeOnceInMinutes: 30,
  badKeyStatus: 401,
  bulkRepeats: "refuse",
  nullProperty: "store",
  invalidEventPhone: "refuse",
  retiredRevision: "gone",
};

/** An answer to give instead of the real one. */
export type Failure = {
  status: number;
  /** How many calls get it; default 1. */
  times?: number;
  /** Default: the vendor's error body for the status. */
  body?: Json;
  /** Seconds, or an HTTP date. */
  retryAfter?: number | string;
  /** Answers a Cloudflare-like HTML page instead of JSON (klaviyo-api-python#84). */
  html?: boolean;
};

/** What to play on the calls that `path` and `account` select; a field that is absent stays as it is. */
export type Mode = Partial<Settings> & {
  /** `/api/events`, `/api/lists/:id`, or with a method: `POST /api/events`. Absent: every path. Does not select settings. */
  path?: string;
  /** Account id. Absent: every account. */
  account?: string;
  /** Null ends it. */
  fail?: Failure | null;
  /** ms (real time) before a call is looked at. */
  latencyMs?: number;
  /** This many calls lose their connection before anything is done. */
  dropConnection?: number;
  /** This many calls are carried out, and then lose their connection: the client cannot know. */
  loseAnswer?: number;
};

/** The calls that a rule is about, and what is left to play on them. */
export type Rule = Pick<Mode, "path" | "account" | "fail" | "latencyMs" | "dropConnection" | "loseAnswer">;

/** What happens to one call. */
type Play = { latencyMs: number; fail?: Failure; dropConnection: boolean; loseAnswer: boolean };

const NOTHING: Play = { latencyMs: 0, dropConnection: false, loseAnswer: false };

export type Modes = ReturnType<typeof createModes>;

export function createModes() {
  const rules = new Map<string, Rule>();
  let everywhere = DEFAULT_SETTINGS;
  const ofAccounts = new Map<string, Settings>();
  const overrides = new Map<string, Partial<Settings>>();

  function set(mode: Mode): void {
    const { path, account, fail, latencyMs, dropConnection, loseAnswer, ...settings } = mode;
    const selector = `${path ?? ""} ${account ?? ""}`;
    const rule: Rule = { ...rules.get(selector), path, account };
    if (fail !== undefined) rule.fail = fail && { ...fail, times: fail.times ?? 1 };
    if (latencyMs !== undefined) rule.latencyMs = latencyMs;
    if (dropConnection !== undefined) rule.dropConnection = dropConnection;
    if (loseAnswer !== undefined) rule.loseAnswer = loseAnswer;
    keepIfNeeded(selector, rule);

    if (account === undefined) everywhere = { ...everywhere, ...settings };
    else overrides.set(account, { ...overrides.get(account), ...settings });
    for (const [id, override] of overrides) ofAccounts.set(id, { ...everywhere, ...override });
  }

  function keepIfNeeded(selector: string, rule: Rule): void {
    if (rule.fail || rule.latencyMs || rule.dropConnection || rule.loseAnswer) rules.set(selector, rule);
    else rules.delete(selector);
  }

  /** Settings of one account; of no account in particular where the key is unknown. */
  function settings(accountId?: string): Settings {
    return (accountId !== undefined && ofAccounts.get(accountId)) || everywhere;
  }

  /** Takes what is to be played on this call; `name` is the operation's, such as `GET /api/lists/:id`. */
  function play(method: string, path: string, name: string, accountId: string | undefined): Play {
    if (rules.size === 0) return NOTHING;
    const result: Play = { ...NOTHING };
    const names = [path, `${method} ${path}`, name, name.slice(method.length + 1)];
    for (const [selector, rule] of rules) {
      if (rule.account !== undefined && rule.account !== accountId) continue;
      if (rule.path !== undefined && !names.includes(rule.path)) continue;
      result.latencyMs = Math.max(result.latencyMs, rule.latencyMs ?? 0);
      if (rule.dropConnection && !result.dropConnection) {
        rule.dropConnection -= 1;
        result.dropConnection = true;
      } else if (rule.fail && !result.fail) {
        result.fail = rule.fail;
        const times = (rule.fail.times ?? 1) - 1;
        rule.fail = times > 0 ? { ...rule.fail, times } : null;
      } else if (rule.loseAnswer && !result.loseAnswer) {
        rule.loseAnswer -= 1;
        result.loseAnswer = true;
      }
      keepIfNeeded(selector, rule);
    }
    return result;
  }

  function current(): { rules: Rule[]; settings: Settings; accounts: Record<string, Partial<Settings>> } {
    return { rules: [...rules.values()], settings: everywhere, accounts: Object.fromEntries(overrides) };
  }

  function clear(): void {
    rules.clear();
    overrides.clear();
    ofAccounts.clear();
    everywhere = DEFAULT_SETTINGS;
  }

  return { set, settings, play, current, clear };
}
