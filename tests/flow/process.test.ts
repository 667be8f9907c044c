import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { freePort } from "#tests/free-port.ts";

/** The built app in a process of its own, as `npm start` runs it. */
const PORT = await freePort();
const URL = `http://localhost:${PORT}`;

// Each of them starts the whole app.
vi.setConfig({ testTimeout: 180_000 });

let database: TestDatabase;
let children: ChildProcess[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const child of children) if (child.exitCode === null && child.kill("SIGKILL")) await once(child, "exit");
  children = [];
  await database.drop();
});

function start(script = "app/entry.web.ts", env: Record<string, string> = {}, args: string[] = []) {
  const all: NodeJS.ProcessEnv = {
    ...process.env,
    ...database.env,
    PORT: String(PORT),
    NODE_ENV: "production",
    LOG_LEVEL: "error",
    ...env,
  };
  const child = spawn(process.execPath, [script, ...args], {
    env: all,
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (text += chunk));
  return { child, output: () => text };
}

async function serving(): Promise<ChildProcess> {
  const { child, output } = start();
  for (let i = 0; i < 900; i++) {
    if (child.exitCode !== null) throw new Error(output());
    if ((await fetch(`${URL}/healthz`).catch(() => null))?.ok) return child;
    await sleep(100);
  }
  throw new Error(`it does not answer: ${output()}`);
}

function send(webhookId: string) {
  const body = JSON.stringify({ admin_graphql_api_id: `gid://shopify/Order/${webhookId}` });
  const signature = createHmac("sha256", "test-secret").update(body).digest("base64");
  return fetch(`${URL}/webhooks`, {
    method: "POST",
    body,
    headers: {
      "X-Shopify-Topic": "orders/create",
      "X-Shopify-API-Version": "2026-10",
      "X-Shopify-Shop-Domain": "juniper.myshopify.com",
      "X-Shopify-Webhook-Id": webhookId,
      "X-Shopify-Hmac-Sha256": signature,
    },
  });
}

test("healthz tells of database and worker, quickly", async () => {
  await serving();
  const start = performance.now();
  const answer = await fetch(`${URL}/healthz`);
  expect(performance.now() - start).toBeLessThan(1000);
  expect(await answer.json()).toMatchObject({ status: "ok", database: "up" });
  expect(answer.headers.get("x-powered-by")).toBeNull();
  expect(answer.headers.get("x-request-id")).toMatch(/^[\w-]{8,64}$/);
});

test("a port that is in use gets one clear line", async () => {
  const other = createServer().listen(PORT);
  await once(other, "listening");
  const { child, output } = start();
  expect(await once(child, "close")).toEqual([1, null]);
  other.close();
  expect(output()).toBe(`Passalong cannot start: port ${PORT} is in use. Set PORT to another one.\n`);
});

test("SIGTERM under load: everything accepted is answered with 200, nobody gets an error, and it ends in time", async () => {
  const child = await serving();
  let stopping = false;
  const statuses: number[] = [];
  const sender = async () => {
    while (!stopping) {
      // Not accepted at all is no answer: Shopify sends those again.
      const answer = await send(randomUUID()).catch(() => null);
      if (answer) statuses.push(answer.status);
      else await sleep(5);
    }
  };
  const senders = Array.from({ length: 20 }, sender);
  await expect.poll(() => statuses.length, { timeout: 60_000 }).toBeGreaterThan(100);
  const start = performance.now();
  child.kill("SIGTERM");
  const [code] = await once(child, "exit");
  stopping = true;
  await Promise.all(senders);
  expect(code).toBe(0);
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(new Set(statuses)).toEqual(new Set([200]));
});

test("a worker without a server to share with a web server says so", async () => {
  const { child, output } = start("app/entry.worker.ts", { DATABASE_URL: "" });
  expect(await once(child, "close")).toEqual([1, null]);
  expect(output()).toBe("A worker of its own needs DATABASE_URL: the embedded database has one process only.\n");
});
