import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type ControlClient, createControlClient } from "./client.ts";
import { createClock } from "./clock.ts";
import type { Simulation } from "./control/route.ts";
import { answerControl } from "./control.ts";
import { type Listener, listen, toListener } from "./http.ts";
import { createKlaviyo } from "./klaviyo/index.ts";
import { loadCertificates } from "./shopify/certificates.ts";
import { answerLocalAdmin, answerLocalStorefront, answerRealHost } from "./shopify/hosts.ts";
import { calmAdminApi, type Platform } from "./shopify/platform.ts";
import { emptyState, type Shop } from "./shopify/state.ts";
import type { Visits } from "./shopify/storefront/visits.ts";
import { readAppToml } from "./shopify/toml.ts";
import { answerTunnel } from "./shopify/tunnel-server.ts";
import { createWebhooks } from "./shopify/webhooks.ts";
import { createStateFile, loadState } from "./state-file.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface SimulatorOptions {
  /** Where the app listens; may be changed later (`client.setAppUrl`). */
  appUrl: string;
  apiKey: string;
  apiSecret: string;
  /** 0 (the default) takes any free port. `storefront` is the first of one port per shop. */
  ports?: { admin?: number; klaviyo?: number; tunnel?: number; tls?: number; storefront?: number };
  /** Default null: nothing outlives the process. */
  stateFile?: string | null;
  /** Where the clock's offset is written for the app. Default null. */
  clockOffsetFile?: string | null;
  /** Folder of the certificate authority. Default beside the state file, or a new temporary folder. */
  tlsFolder?: string;
  /** Default `shopify.app.toml` of this repository. */
  tomlFile?: string;
  /** Default `extensions/passalong-theme` of this repository. */
  extensionDir?: string;
  /** Waits before the second, third … try of a webhook. Default 1 s, 2 s, 4 s … 128 s. */
  retryDelaysMs?: number[];
}

export interface Simulator {
  urls: {
    admin: string;
    tunnel: string;
    klaviyo: string;
    control: string;
    storefront(handle: string): string;
  };
  tls: { port: number; caPem: string; caFile: string };
  client: ControlClient;
  close(): Promise<void>;
}

/** Starts every part on loopback. Rejects with EADDRINUSE where a wanted port is taken. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const stateFile = options.stateFile ?? null;
  const saved = loadState(stateFile);
  const tlsFolder = options.tlsFolder ?? (stateFile ? dirname(stateFile) : mkdtempSync(join(tmpdir(), "simulator-")));
  const certificates = await loadCertificates(tlsFolder);
  const caFile = resolve(tlsFolder, "simulator-ca.pem");
  writeFileSync(caFile, certificates.caPem);

  const file = createStateFile(stateFile, () => ({
    version: 2,
    clockOffsetMs: clock.offsetMs(),
    shopify: platform.state,
    webhooks: webhooks.pending(),
    klaviyo: klaviyo.snapshot(),
  }));
  const clock = createClock(options.clockOffsetFile ?? null, saved?.clockOffsetMs ?? 0);
  const app = {
    url: new URL(options.appUrl).origin,
    apiKey: options.apiKey,
    apiSecret: options.apiSecret,
    toml: readAppToml(options.tomlFile ?? join(ROOT, "shopify.app.toml")),
  };
  const { retryDelaysMs } = options;
  const webhooks = createWebhooks({ app, clock, onChange: file.touch, ...(retryDelaysMs ? { retryDelaysMs } : {}) });
  const klaviyo = createKlaviyo({ now: () => clock.now(), state: saved?.klaviyo, onChange: file.touch });
  const storefronts = new Map<string, Listener>();
  const visits: Visits = new Map();
  const local = { admin: "", tunnel: "", storefront: (handle: string) => at(storefronts.get(handle)) };
  const platform: Platform = {
    state: saved?.shopify ?? emptyState(),
    clock,
    app,
    webhooks,
    local,
    extensionDir: options.extensionDir ?? join(ROOT, "extensions", "passalong-theme"),
    adminApi: calmAdminApi(),
  };

  const simulation: Simulation = {
    platform,
    async openStorefront(shop: Shop) {
      const index = platform.state.shops.indexOf(shop);
      const port = options.ports?.storefront ? options.ports.storefront + index : 0;
      storefronts.set(shop.handle, await open(answerLocalStorefront(platform, visits, shop.handle), port));
    },
    async reset() {
      await Promise.all([...storefronts.values()].map((listener) => listener.close()));
      storefronts.clear();
      visits.clear();
      webhooks.clear();
      klaviyo.reset();
      clock.setOffset(0);
      platform.state = emptyState();
      platform.adminApi = calmAdminApi();
      file.touch();
    },
    addresses: () => ({ ...local, klaviyo: at(klaviyoListener), tls: tls.port, caFile, app: app.url }),
  };

  /** Listens with a handler; every request that is not a mere look may have changed something. */
  function open(handle: Parameters<typeof toListener>[0], port = 0): Promise<Listener> {
    const noting: typeof handle = async (request) => {
      const answer = await handle(request);
      if (request.method !== "GET" && request.method !== "HEAD") file.touch();
      return answer;
    };
    return listen(toListener(noting), port);
  }

  const opened: Listener[] = [];
  const keep = async (listener: Promise<Listener>) => {
    const listening = await listener;
    opened.push(listening);
    return listening;
  };
  const closeAll = () => Promise.all([...opened, ...storefronts.values()].map((listener) => listener.close()));

  async function openAll() {
    const { ports = {} } = options;
    const admin = await keep(
      open(
        answerLocalAdmin(platform, (request) => answerControl(simulation, request)),
        ports.admin,
      ),
    );
    local.admin = at(admin);
    const tunnel = await keep(
      open(
        (request) => answerTunnel({ appUrl: app.url, tunnelUrl: local.tunnel, adminUrl: local.admin }, request),
        ports.tunnel,
      ),
    );
    local.tunnel = at(tunnel);
    const klaviyoListener = await keep(listen(klaviyo.listener, ports.klaviyo ?? 0));
    const secure = toListener(async (request) => {
      const answer = await answerRealHost(platform, visits)(request);
      if (request.method !== "GET") file.touch();
      return answer;
    }, "https");
    const tls = await keep(listen(secure, ports.tls ?? 0, { key: certificates.key, cert: certificates.cert }));
    for (const shop of platform.state.shops) await simulation.openStorefront(shop);
    return { klaviyoListener, tls };
  }

  const { klaviyoListener, tls } = await openAll().catch(async (error: unknown) => {
    await closeAll();
    throw error;
  });
  webhooks.restore(saved?.webhooks ?? []);

  return {
    urls: {
      admin: local.admin,
      tunnel: local.tunnel,
      klaviyo: at(klaviyoListener),
      control: `${local.admin}/_sim`,
      storefront: local.storefront,
    },
    tls: { port: tls.port, caPem: certificates.caPem, caFile },
    client: createControlClient(local.admin),
    async close() {
      await webhooks.close();
      await closeAll();
      file.close();
    },
  };
}

function at(listener: Listener | undefined): string {
  return listener ? `http://localhost:${listener.port}` : "";
}
