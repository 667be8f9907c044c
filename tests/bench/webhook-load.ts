import { createHmac, randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import { pathToFileURL } from "node:url";

/** The shops that webhooks are sent for. */
export const SHOPS = Array.from({ length: 20 }, (_, i) => `bench-${i}.myshopify.com`);

export type LoadResult = {
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly failed: number;
  readonly acknowledged: readonly string[];
};

const CONNECTIONS = 128;
const WARM_UP_MS = 2000;
const BODY_BYTES = 6800;

/**
 * Sends signed orders/create webhooks over kept-alive connections, one after the other on each, as fast as they are
 * answered. Plain sockets: the generator shares the machine with what it measures.
 * Prints one line of JSON; the ids of the acknowledged webhooks go into a file.
 */
if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [port = "", secret = "", seconds = "10", file = ""] = process.argv.slice(2);
  const { acknowledged, ...result } = await load(Number(port), secret, Number(seconds) * 1000);
  writeFileSync(file, JSON.stringify(acknowledged));
  console.log(JSON.stringify(result));
}

async function load(port: number, secret: string, durationMs: number): Promise<LoadResult> {
  const measuredFrom = performance.now() + WARM_UP_MS;
  const until = measuredFrom + durationMs;
  const latencies: number[] = [];
  const acknowledged: string[] = [];
  let failed = 0;
  const bodyOf = template();

  async function client(number: number) {
    const socket = net.connect({ port, host: "localhost", noDelay: true });
    const answers = answersOf(socket);
    const shop = SHOPS[number % SHOPS.length] ?? "";
    while (performance.now() < until) {
      const id = randomUUID();
      const start = performance.now();
      socket.write(requestOf(shop, id, bodyOf(id), secret));
      const { value: status } = await answers.next();
      if (status === 200) acknowledged.push(id);
      else failed++;
      if (start >= measuredFrom) latencies.push(performance.now() - start);
    }
    socket.destroy();
  }

  await Promise.all(Array.from({ length: CONNECTIONS }, (_, i) => client(i)));
  latencies.sort((a, b) => a - b);
  return {
    perSecond: latencies.length / (durationMs / 1000),
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? Number.POSITIVE_INFINITY,
    failed,
    acknowledged,
  };
}

/** Shopify's documented order, made as long as their average one, each with an id of its own. */
function template(): (id: string) => string {
  const sample = new URL("../simulator/shopify/samples/orders.create.json", import.meta.url);
  const order: Record<string, unknown> = JSON.parse(readFileSync(sample, "utf8"));
  const MARK = "00000000-0000-0000-0000-000000000000";
  for (const field of ["refunds", "returns", "customer", "shipping_lines", "fulfillments"]) delete order[field];
  const short = JSON.stringify({ ...order, admin_graphql_api_id: `gid://shopify/Order/${MARK}`, note: "" });
  const note = "x".repeat(Math.max(0, BODY_BYTES - short.length));
  const [before = "", after = ""] = short.replace('"note":""', `"note":"${note}"`).split(MARK);
  return (id) => before + id + after;
}

function requestOf(shop: string, id: string, body: string, secret: string): string {
  return [
    "POST /webhooks HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "X-Shopify-Topic: orders/create",
    "X-Shopify-API-Version: 2026-10",
    `X-Shopify-Shop-Domain: ${shop}`,
    `X-Shopify-Webhook-Id: ${id}`,
    `X-Shopify-Triggered-At: ${new Date().toISOString()}`,
    `X-Shopify-Hmac-Sha256: ${createHmac("sha256", secret).update(body).digest("base64")}`,
    "",
    body,
  ].join("\r\n");
}

/** The status of one answer after the other; they are short, and end with their length or their last chunk. */
async function* answersOf(socket: net.Socket): AsyncGenerator<number> {
  let text = "";
  for await (const chunk of socket) {
    text += chunk;
    const head = text.indexOf("\r\n\r\n");
    if (head < 0) continue;
    const length = /content-length: (\d+)/i.exec(text)?.[1];
    const isWhole = length ? text.length >= head + 4 + Number(length) : text.endsWith("0\r\n\r\n");
    if (!isWhole) continue;
    yield Number(text.slice(9, 12));
    text = "";
  }
}
