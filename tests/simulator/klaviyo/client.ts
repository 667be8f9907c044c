/** A typed client of the control API, for tests, the seed and the demo. */
import type {
  AccountSeed,
  AccountView,
  ApiKey,
  EventView,
  ListView,
  Mode,
  ModeView,
  NewAccount,
  ProfileSeed,
  ProfileView,
  RequestRecord,
  Scope,
  Stats,
  SuppressionSeed,
} from "./contract.ts";

export type { EventView, NewAccount, ProfileView };

export type KlaviyoClient = ReturnType<typeof createKlaviyoClient>;

/**
 * @param baseUrl where the stand-in listens, such as `http://localhost:4401`
 * @returns one method per control call; each throws an Error with the stand-in's words where the call is refused
 */
export function createKlaviyoClient(baseUrl: string) {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(new URL(`/_sim/${path}`, baseUrl), {
      method,
      headers: { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /_sim/${path}: ${response.status} ${text}`);
    return JSON.parse(text || "null");
  }

  const account = (id: string, rest: string) => `accounts/${encodeURIComponent(id)}/${rest}`;
  const query = (filter: Record<string, string | undefined>) => {
    const given = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
    return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
  };

  return {
    /** Forgets everything: accounts, calls, counters, modes. */
    reset: () => call<void>("POST", "reset"),
    createAccount: (seed: AccountSeed) => call<NewAccount>("POST", "accounts", seed),
    accounts: () => call<AccountView[]>("GET", "accounts"),
    /** A further private key; without scopes it may do everything. */
    createKey: (id: string, scopes?: Scope[]) => call<ApiKey>("POST", account(id, "keys"), { scopes }),
    revokeKeys: (id: string, which: { key: string } | { all: true }) =>
      call<void>("POST", account(id, "keys/revoke"), which),
    lists: (id: string) => call<ListView[]>("GET", account(id, "lists")),
    profiles: (id: string, filter: { email?: string } = {}) =>
      call<ProfileView[]>("GET", account(id, `profiles${query(filter)}`)),
    /** The profile with this e-mail address, if there is one. */
    profile: async (id: string, email: string) =>
      (await call<ProfileView[]>("GET", account(id, `profiles${query({ email })}`)))[0],
    /** Somebody who was there before. */
    seedProfile: (id: string, seed: ProfileSeed) => call<ProfileView>("POST", account(id, "profiles"), seed),
    /** A shopper unsubscribes, complains or bounces. */
    suppress: (id: string, seed: SuppressionSeed) => call<ProfileView>("POST", account(id, "suppressions"), seed),
    /** A shopper clicks "confirm" in the double opt-in mail. */
    confirmOptIn: (id: string, email: string) => call<void>("POST", account(id, "opt-ins/confirm"), { email }),
    /** Oldest first. */
    events: (id: string, filter: { email?: string; metric?: string } = {}) =>
      call<EventView[]>("GET", account(id, `events${query(filter)}`)),
    /** Newest first, at most 5,000; of one account, or of all (also with keys that nobody knows). */
    requests: (id?: string) => call<RequestRecord[]>("GET", id === undefined ? "requests" : account(id, "requests")),
    mode: (mode: Mode) => call<void>("POST", "mode", mode),
    modes: () => call<ModeView>("GET", "mode"),
    stats: () => call<Stats>("GET", "stats"),
    /** Counters and remembered waits start again; everything else stays. */
    resetStats: () => call<void>("POST", "stats/reset"),
  };
}
