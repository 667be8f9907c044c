import { Agent, request as send } from "undici";
import type { Answer, Incoming } from "../http.ts";

interface TunnelAddresses {
  /** Where the app listens, and believes to be. */
  appUrl: string;
  /** Where the browser sees it. */
  tunnelUrl: string;
  /** The simulated admin on plain http. */
  adminUrl: string;
}

const agent = new Agent({ keepAliveTimeout: 1000, keepAliveMaxTimeout: 1000 });
const TEXT = /^(text\/|application\/(json|javascript|manifest))/;
const HOP_BY_HOP = ["connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding", "date"];

/**
 * Shows the app to a person's own browser, which resolves neither admin.shopify.com nor cdn.shopify.com: every such address
 * on the way out becomes one on localhost, and every header on the way in tells the app its own address. The app knows
 * nothing of it.
 */
export async function answerTunnel(addresses: TunnelAddresses, request: Incoming): Promise<Answer> {
  const app = new URL(addresses.appUrl);
  const inward = (value: string) => value.replaceAll(addresses.tunnelUrl, addresses.appUrl);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || ["connection", "keep-alive", "upgrade", "transfer-encoding"].includes(name)) continue;
    headers[name] = inward(Array.isArray(value) ? value.join(", ") : value);
  }
  headers.host = app.host;
  headers["accept-encoding"] = "identity";
  const answer = await send(new URL(request.url.pathname + request.url.search, app), {
    method: request.method,
    headers,
    body: request.body.length > 0 ? request.body : null,
    dispatcher: agent,
  }).catch(() => null);
  if (!answer) {
    return {
      status: 502,
      headers: { "content-type": "text/plain" },
      body: `Nothing answers at ${addresses.appUrl} yet`,
    };
  }
  const raw = Buffer.from(await answer.body.arrayBuffer());
  const outward = outwardRewrite(addresses);
  const returned: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value === undefined || HOP_BY_HOP.includes(name)) continue;
    const rewrite =
      name === "content-security-policy" ? (text: string) => allowFrame(text, addresses.adminUrl) : outward;
    returned[name] = Array.isArray(value) ? value.map(rewrite) : rewrite(value);
  }
  const isText = TEXT.test(String(returned["content-type"] ?? ""));
  return { status: answer.statusCode, headers: returned, body: isText ? outward(raw.toString("utf8")) : raw };
}

/** Plain and percent-encoded addresses alike: redirects carry some inside their query. */
function outwardRewrite({ appUrl, tunnelUrl, adminUrl }: TunnelAddresses): (text: string) => string {
  const pairs = [
    [appUrl, tunnelUrl],
    ["https://admin.shopify.com", adminUrl],
    ["https://cdn.shopify.com", `${adminUrl}/cdn`],
  ] as const;
  const all = pairs.flatMap(([from, to]) => [
    [from, to] as const,
    [encodeURIComponent(from), encodeURIComponent(to)] as const,
  ]);
  return (text) => all.reduce((result, [from, to]) => result.replaceAll(from, to), text);
}

/** The app's policy stays as it is; only the simulated admin may frame the page too. */
function allowFrame(policy: string, adminUrl: string): string {
  return policy
    .replace(/frame-ancestors ([^;]*)/, `frame-ancestors $1 ${adminUrl}`)
    .replaceAll("https://cdn.shopify.com", `https://cdn.shopify.com ${adminUrl}`);
}
