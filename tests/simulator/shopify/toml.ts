import { readFileSync } from "node:fs";
import { parse } from "smol-toml";

interface Subscription {
  topic: string;
  /** Relative to the app's address, or absolute. */
  uri: string;
  /** Echoed in X-Shopify-Name. */
  name: string | null;
}

/** What Shopify takes from `shopify.app.toml` when the app is deployed. */
interface AppToml {
  applicationUrl: string;
  name: string;
  scopes: string[];
  apiVersion: string;
  subscriptions: Subscription[];
  proxy: { url: string; prefix: string; subpath: string } | null;
}

/** The app as Shopify knows it. */
export interface InstalledApp {
  /** Where it listens, without a trailing slash. */
  url: string;
  apiKey: string;
  apiSecret: string;
  toml: AppToml;
}

type Table = Record<string, unknown>;

const asTable = (value: unknown): Table => (value !== null && typeof value === "object" ? { ...value } : {});
const asText = (value: unknown, fallback = ""): string => (typeof value === "string" ? value : fallback);
const asList = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/**
 * Reads the app's configuration file the way `shopify app deploy` would.
 * Throws where it holds something the simulator does not act on, so that nothing is believed to work that does not.
 * Format: https://shopify.dev/docs/apps/build/cli-for-apps/app-configuration
 */
export function readAppToml(file: string): AppToml {
  const root = asTable(parse(readFileSync(file, "utf8")));
  const webhooks = asTable(root.webhooks);
  const proxy = asTable(root.app_proxy);
  return {
    applicationUrl: asText(root.application_url),
    name: asText(root.name, "App"),
    scopes: asText(asTable(root.access_scopes).scopes)
      .split(",")
      .map((scope) => scope.trim())
      .filter(Boolean),
    apiVersion: asText(webhooks.api_version),
    subscriptions: (Array.isArray(webhooks.subscriptions) ? webhooks.subscriptions : []).flatMap(readSubscription),
    proxy: root.app_proxy
      ? { url: asText(proxy.url), prefix: asText(proxy.prefix, "apps"), subpath: asText(proxy.subpath) }
      : null,
  };
}

function readSubscription(value: unknown): Subscription[] {
  const table = asTable(value);
  for (const key of Object.keys(table)) {
    if (!["topics", "compliance_topics", "uri", "name"].includes(key)) {
      throw new Error(`shopify.app.toml: the simulator does not know the subscription key "${key}"`);
    }
  }
  const name = table.name === undefined ? null : asText(table.name);
  return [...asList(table.topics), ...asList(table.compliance_topics)].map((topic) => ({
    topic,
    uri: asText(table.uri),
    name,
  }));
}

/**
 * Where the app really listens for an address of the toml: relative ones and those on `application_url` are the app's own.
 * Any other host is refused; the simulator never leaves this machine.
 */
export function resolveAppAddress(uri: string, toml: AppToml, appUrl: string): URL {
  const configured = new URL(uri, toml.applicationUrl || appUrl);
  const isOwn = !toml.applicationUrl || configured.origin === new URL(toml.applicationUrl).origin;
  if (isOwn) return new URL(configured.pathname + configured.search, appUrl);
  if (["localhost", "127.0.0.1", "[::1]"].includes(configured.hostname)) return configured;
  throw new Error(`shopify.app.toml: ${uri} is neither the app's own address nor on this machine`);
}
