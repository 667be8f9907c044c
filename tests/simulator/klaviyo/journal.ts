/** Every request that came, with its answer, and what the calls of each account add up to. */
import type { IncomingHttpHeaders } from "node:http";

/** One request as it came and the answer it got. */
export type RequestRecord = {
  number: number;
  /** ISO 8601, the simulator's clock. */
  at: string;
  /** Null where the key belongs to no account. */
  accountId: string | null;
  method: string;
  /** With its query. */
  path: string;
  headers: Record<string, string>;
  body: string;
  status: number;
  answerHeaders: Record<string, string>;
  answer: string;
  /** What the status does not say: "dropped: test domain", "connection dropped" … */
  note?: string;
};

type EndpointStats = { calls: number; refused: number; tooMany: number };

/** A call that came before the `Retry-After` of an earlier answer had passed. */
type EarlyCall = {
  endpoint: string;
  /** ms that the call came too early. */
  earlyByMs: number;
  /** ms since the answer that asked to wait. A few ms may mean that the call was already on its way. */
  sinceAnswerMs: number;
};

type AccountStats = {
  calls: number;
  /** 429s that the account's own pace brought about. */
  selfMade429s: number;
  /** Failures that a mode asked for. */
  injected: number;
  eventsRecorded: number;
  /** Events that came again and changed nothing. */
  eventsRepeated: number;
  eventsDropped: number;
  /** Calls that came earlier than a `Retry-After` allowed, to any endpoint of the account. */
  retryAfterViolations: number;
  /** The newest 20 of them. */
  earlyCalls: EarlyCall[];
};

export type Stats = Omit<AccountStats, "earlyCalls"> & {
  endpoints: Record<string, EndpointStats>;
  accounts: Record<string, AccountStats>;
};

const KEPT_REQUESTS = 5_000;

/** Bodies and answers are kept to this many characters, so that 5,000 bulk calls do not fill the memory. */
const KEPT_CHARACTERS = 16_384;

export type Journal = ReturnType<typeof createJournal>;

/** The journal holds the newest 5,000 requests; numbers go on counting, so an event can point at its request. */
export function createJournal() {
  const ring: (RequestRecord | undefined)[] = [];
  let next = 0;
  const endpoints = new Map<string, EndpointStats>();
  const accounts = new Map<string, AccountStats>();
  const waits = new Map<string, { until: number; answeredAt: number }>();

  /** Takes the number of a request that has just arrived. */
  function number(): number {
    return next++;
  }

  function keep(record: RequestRecord): void {
    record.body = shorten(record.body);
    record.answer = shorten(record.answer);
    ring[record.number % KEPT_REQUESTS] = record;
  }

  /** The request with this number, if it is among the kept ones. */
  function find(number: number): RequestRecord | undefined {
    const record = ring[number % KEPT_REQUESTS];
    return record?.number === number ? record : undefined;
  }

  /** Kept requests, newest first; of one account, or of all. */
  function list(accountId?: string, limit = KEPT_REQUESTS): RequestRecord[] {
    const found: RequestRecord[] = [];
    for (let number = next - 1; number >= Math.max(0, next - KEPT_REQUESTS) && found.length < limit; number--) {
      const record = find(number);
      if (record && (accountId === undefined || record.accountId === accountId)) found.push(record);
    }
    return found;
  }

  function of(accountId: string): AccountStats {
    let stats = accounts.get(accountId);
    if (!stats) {
      stats = {
        calls: 0,
        selfMade429s: 0,
        injected: 0,
        eventsRecorded: 0,
        eventsRepeated: 0,
        eventsDropped: 0,
        retryAfterViolations: 0,
        earlyCalls: [],
      };
      accounts.set(accountId, stats);
    }
    return stats;
  }

  function countCall(endpoint: string, status: number): void {
    const stats = endpoints.get(endpoint) ?? { calls: 0, refused: 0, tooMany: 0 };
    endpoints.set(endpoint, stats);
    stats.calls += 1;
    if (status === 429) stats.tooMany += 1;
    else if (status >= 400) stats.refused += 1;
  }

  /** Notes a call's arrival (`at`: real ms) and whether it kept to the wait that was asked for. */
  function arrive(accountId: string, endpoint: string, at: number): void {
    const stats = of(accountId);
    stats.calls += 1;
    const wait = waits.get(accountId);
    if (!wait || at >= wait.until || at < wait.answeredAt) return;
    stats.retryAfterViolations += 1;
    stats.earlyCalls.push({ endpoint, earlyByMs: wait.until - at, sinceAnswerMs: at - wait.answeredAt });
    if (stats.earlyCalls.length > 20) stats.earlyCalls.shift();
  }

  /** Remembers that an answer sent at `at` (real ms) carried this `Retry-After` (seconds or an HTTP date). */
  function askToWait(accountId: string, retryAfter: string, at: number): void {
    const seconds = Number(retryAfter);
    const until = Number.isNaN(seconds) ? Date.parse(retryAfter) : at + seconds * 1000;
    const known = waits.get(accountId);
    if (known && known.until >= until) return;
    waits.set(accountId, { until, answeredAt: at });
  }

  function stats(): Stats {
    const all = [...accounts.values()];
    const sum = (field: keyof Omit<AccountStats, "earlyCalls">) => all.reduce((total, one) => total + one[field], 0);
    return {
      calls: sum("calls"),
      selfMade429s: sum("selfMade429s"),
      injected: sum("injected"),
      eventsRecorded: sum("eventsRecorded"),
      eventsRepeated: sum("eventsRepeated"),
      eventsDropped: sum("eventsDropped"),
      retryAfterViolations: sum("retryAfterViolations"),
      endpoints: Object.fromEntries(endpoints),
      accounts: Object.fromEntries(accounts),
    };
  }

  /** Counters start again; requests stay. */
  function clearStats(): void {
    endpoints.clear();
    accounts.clear();
    waits.clear();
  }

  function clear(): void {
    clearStats();
    ring.length = 0;
    next = 0;
  }

  function snapshot(): { next: number; requests: RequestRecord[] } {
    return { next, requests: list().reverse() };
  }

  function restore(saved: { next: number; requests: RequestRecord[] }): void {
    clear();
    next = saved.next;
    for (const record of saved.requests) ring[record.number % KEPT_REQUESTS] = record;
  }

  return { number, keep, find, list, of, countCall, arrive, askToWait, stats, clearStats, clear, snapshot, restore };
}

/** Request headers as text, with the private key masked: the inbox is for reading over a shoulder. */
export function readableHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const readable: Record<string, string> = {};
  for (const name in headers) {
    const value = String(headers[name]);
    readable[name] = name === "authorization" ? maskKey(value) : value;
  }
  return readable;
}

/** `Klaviyo-API-Key pk_12…ef`: enough to tell two keys apart. */
function maskKey(value: string): string {
  return value.replace(/(\S{5})\S{4,}(\S{4})$/, "$1…$2");
}

function shorten(text: string): string {
  if (text.length <= KEPT_CHARACTERS) return text;
  return `${text.slice(0, KEPT_CHARACTERS)}… (${text.length - KEPT_CHARACTERS} more characters)`;
}
