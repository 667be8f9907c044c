import { randomUUID } from "node:crypto";
import { Agent } from "undici";
import type { Clock } from "../clock.ts";
import { Refusal } from "../http.ts";
import { permanentDomain, type Shop } from "./state.ts";
import { type InstalledApp, resolveAppAddress } from "./toml.ts";
import { post, railsJson, signBody } from "./webhook-request.ts";

type WebhookState = "held" | "waiting" | "sending" | "delivered" | "failed" | "dropped";

/** One webhook and what became of it. A retry repeats the id and the original body. */
export interface WebhookRecord {
  id: string;
  eventId: string;
  topic: string;
  shop: string;
  url: string;
  triggeredAt: string;
  body: string;
  headers: Record<string, string>;
  state: WebhookState;
  attempts: { at: string; status: number | null; error: string | null; ms: number }[];
}

/** Trouble on demand; everything off is the default. */
export interface WebhookMode {
  /** Every webhook is sent so many times. */
  duplicate: number;
  /** Those that come within 100 ms of each other leave in a random order. */
  shuffle: boolean;
  /** Nothing leaves until it is released. */
  hold: boolean;
  /** This share (0 to 1) never leaves. */
  dropShare: number;
  delayMs: number;
}

const CALM: WebhookMode = { duplicate: 1, shuffle: false, hold: false, dropShare: 0, delayMs: 0 };

/** Sent whether the app is installed or not. */
export const COMPLIANCE_TOPICS = ["customers/data_request", "customers/redact", "shop/redact"];

/** Shopify tries 8 more times over 4 hours; here the hours are seconds. */
const RETRY_DELAYS_MS = [1, 2, 4, 8, 16, 32, 64, 128].map((seconds) => seconds * 1000);
const PARALLEL_PER_SHOP = 10;
const KEPT = 20_000;

export interface Webhooks {
  /** Sends a topic to every subscription of the toml; a topic nobody subscribed to goes nowhere. */
  send(shop: Shop, topic: string, payload: unknown, eventId?: string): WebhookRecord[];
  setMode(mode: Partial<WebhookMode>): WebhookMode;
  /** Lets held webhooks go, in the order of the ids given (those not named stay), or all as they came. */
  release(order?: string[]): WebhookRecord[];
  redeliver(id: string, times: number): WebhookRecord;
  list(filter: { shop?: string | null; topic?: string | null }): WebhookRecord[];
  /** True once nothing waits, retries or is on its way; held ones do not count. */
  idle(timeoutMs: number): Promise<boolean>;
  pending(): WebhookRecord[];
  restore(records: WebhookRecord[]): void;
  clear(): void;
  close(): Promise<void>;
}

interface WebhookOptions {
  app: InstalledApp;
  clock: Clock;
  retryDelaysMs?: number[];
  onChange?: () => void;
}

export function createWebhooks(options: WebhookOptions): Webhooks {
  const { app, clock } = options;
  const retryDelays = options.retryDelaysMs ?? RETRY_DELAYS_MS;
  const agent = new Agent({ connections: 64, keepAliveTimeout: 1000 });
  const timers = new Set<NodeJS.Timeout>();
  const lines = new Map<string, { queue: WebhookRecord[]; busy: number }>();
  let records: WebhookRecord[] = [];
  let mode = CALM;
  let active = 0;
  let closed = false;

  function later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  }

  function send(shop: Shop, topic: string, payload: unknown, eventId: string = randomUUID()): WebhookRecord[] {
    const needsNoInstallation = topic === "app/uninstalled" || COMPLIANCE_TOPICS.includes(topic);
    if (!shop.installedAt && !needsNoInstallation) return [];
    const body = railsJson(payload);
    const sent = app.toml.subscriptions
      .filter((subscription) => subscription.topic === topic)
      .map((subscription): WebhookRecord => {
        const id = randomUUID();
        const triggeredAt = clock.now().toISOString().replace("Z", "000000Z");
        return {
          id,
          eventId,
          topic,
          shop: shop.handle,
          url: resolveAppAddress(subscription.uri, app.toml, app.url).href,
          triggeredAt,
          body,
          headers: {
            "Content-Type": "application/json",
            "User-Agent": "Shopify-Captain-Hook",
            "X-Shopify-API-Version": app.toml.apiVersion,
            "X-Shopify-Event-Id": eventId,
            "X-Shopify-Hmac-Sha256": signBody(body, app.apiSecret),
            ...(subscription.name === null ? {} : { "X-Shopify-Name": subscription.name }),
            "X-Shopify-Shop-Domain": permanentDomain(shop),
            "X-Shopify-Topic": topic,
            "X-Shopify-Triggered-At": triggeredAt,
            "X-Shopify-Webhook-Id": id,
          },
          state: mode.hold ? "held" : Math.random() < mode.dropShare ? "dropped" : "waiting",
          attempts: [],
        };
      });
    records.push(...sent);
    if (records.length > KEPT) records = records.filter((r, i) => i >= records.length - KEPT || isOpen(r));
    for (const record of sent) if (record.state === "waiting") dispatch(record);
    return sent;
  }

  /** Applies the mode to one webhook that is due. */
  function dispatch(record: WebhookRecord): void {
    const wait = mode.delayMs + (mode.shuffle ? Math.random() * 100 : 0);
    for (let copy = 0; copy < mode.duplicate; copy += 1) {
      active += 1;
      if (wait > 0) later(wait, () => enqueue(record));
      else enqueue(record);
    }
  }

  function enqueue(record: WebhookRecord): void {
    const line = lines.get(record.shop) ?? { queue: [], busy: 0 };
    lines.set(record.shop, line);
    line.queue.push(record);
    pump(line);
  }

  function pump(line: { queue: WebhookRecord[]; busy: number }): void {
    while (!closed && line.busy < PARALLEL_PER_SHOP) {
      const record = line.queue.shift();
      if (!record) return;
      line.busy += 1;
      void attempt(record).finally(() => {
        line.busy -= 1;
        active -= 1;
        options.onChange?.();
        pump(line);
      });
    }
  }

  async function attempt(record: WebhookRecord): Promise<void> {
    const started = Date.now();
    record.state = "sending";
    const { status, error } = await post(record.url, record.headers, record.body, agent);
    record.attempts.push({ at: clock.now().toISOString(), status, error, ms: Date.now() - started });
    if (status !== null && status >= 200 && status < 300) {
      record.state = "delivered";
      return;
    }
    const delay = retryDelays[record.attempts.length - 1];
    record.state = delay === undefined ? "failed" : "waiting";
    if (delay === undefined || closed) return;
    active += 1;
    later(delay, () => enqueue(record));
  }

  /** Each leaves only when the one before has its answer: the receiver sees exactly this order. */
  async function oneByOne(chosen: WebhookRecord[]): Promise<void> {
    const copies = chosen.flatMap((record) => Array<WebhookRecord>(mode.duplicate).fill(record));
    active += copies.length;
    for (const record of copies) {
      if (!closed) await attempt(record);
      active -= 1;
    }
    options.onChange?.();
  }

  function mustFind(id: string): WebhookRecord {
    const record = records.find((candidate) => candidate.id === id);
    if (!record) throw new Refusal(404, `There is no webhook ${id}`);
    return record;
  }

  function clear(): void {
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
    for (const line of lines.values()) {
      active -= line.queue.length;
      line.queue = [];
    }
    active = [...lines.values()].reduce((total, line) => total + line.busy, 0);
    records = [];
    mode = CALM;
  }

  return {
    send,
    setMode(change) {
      mode = { ...mode, ...change };
      return mode;
    },
    release(order) {
      const held = records.filter((record) => record.state === "held");
      if (order) {
        const chosen = order.flatMap((id) => held.filter((record) => record.id === id));
        void oneByOne(chosen);
        return chosen;
      }
      for (const record of held) {
        record.state = "waiting";
        dispatch(record);
      }
      return held;
    },
    redeliver(id, times) {
      const record = mustFind(id);
      for (let copy = 0; copy < times; copy += 1) {
        active += 1;
        enqueue(record);
      }
      return record;
    },
    list: ({ shop, topic }) =>
      records.filter((record) => (!shop || record.shop === shop) && (!topic || record.topic === topic)),
    async idle(timeoutMs) {
      const deadline = Date.now() + timeoutMs;
      while (active > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
      return active === 0;
    },
    pending: () => records.filter(isOpen),
    restore(saved) {
      records = saved;
      for (const record of saved) {
        if (record.state === "sending") record.state = "waiting";
        if (record.state === "waiting") dispatch(record);
      }
    },
    clear,
    async close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      await agent.destroy();
    },
  };
}

function isOpen(record: WebhookRecord): boolean {
  return record.state === "held" || record.state === "waiting" || record.state === "sending";
}
