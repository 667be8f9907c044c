import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createTestDatabase, makeTemplate } from "#tests/database.ts";
import { freePort } from "#tests/free-port.ts";
import { atMost, type Figure, speed } from "./figure.ts";
import type { LoadResult } from "./webhook-load.ts";

/**
 * Webhook ingest through the real route of the built app: 6.8 kB bodies, signed, from a load generator in a process of
 * its own. Afterwards the app is killed with SIGKILL, and every webhook it acknowledged must be in the database.
 * On PostgreSQL when TEST_DATABASE_URL is set (then the app only serves, as in production), else embedded (then the
 * same process also works on what it stores).
 */
const SECONDS = 10;
const SECRET = "bench-secret";

export async function bench(): Promise<Figure[]> {
  await makeTemplate();
  const floor = await measure(new URL("./bare-ingest.ts", import.meta.url));
  const app = await measure(new URL("../../app/entry.web.ts", import.meta.url));
  const where = process.env.TEST_DATABASE_URL ? "PostgreSQL" : "embedded";
  return [
    speed(`webhook ingest, ${where}`, app.perSecond, 1700, {
      name: "bare HTTP + HMAC + insert",
      perSecond: floor.perSecond,
    }),
    atMost("webhook ingest, p99", app.p99Ms, 500, " ms"),
    atMost("webhook ingest, answers that were not 200", app.failed, 0, ""),
    atMost(`webhooks acknowledged but lost by kill -9, of ${app.acknowledged}`, app.lost, 0, ""),
  ];
}

type Measurement = Omit<LoadResult, "acknowledged"> & { readonly acknowledged: number; readonly lost: number };

async function measure(server: URL): Promise<Measurement> {
  const database = await createTestDatabase();
  const folder = mkdtempSync(path.join(os.tmpdir(), "passalong-bench-"));
  const env: NodeJS.ProcessEnv & { PORT: string } = {
    ...process.env,
    ...database.env,
    NODE_ENV: "production",
    LOG_LEVEL: "warn",
    SHOPIFY_API_KEY: "bench",
    SHOPIFY_API_SECRET: SECRET,
    SHOPIFY_APP_URL: "https://passalong.test",
    ENCRYPTION_KEYS: "bench:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    PORT: String(await freePort()),
  };
  const shops = new URL("./bench-shops.ts", import.meta.url);
  const acknowledgedFile = path.join(folder, "acknowledged.json");
  try {
    await run(shops, ["make"], env);
    const child = start(server, [], env);
    await answering(env.PORT, child);
    const load = JSON.parse(
      await run(
        new URL("./webhook-load.ts", import.meta.url),
        [env.PORT, SECRET, String(SECONDS), acknowledgedFile],
        env,
      ),
    ) as Omit<LoadResult, "acknowledged">;
    child.kill("SIGKILL");
    await once(child, "exit");
    const stored = new Set<string>(JSON.parse(await run(shops, ["list"], env)));
    const acknowledged: string[] = JSON.parse(readFileSync(acknowledgedFile, "utf8"));
    return { ...load, acknowledged: acknowledged.length, lost: acknowledged.filter((id) => !stored.has(id)).length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await database.drop();
  }
}

function start(script: URL, args: string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(script), ...args], { env, stdio: ["ignore", "pipe", "inherit"] });
}

/** Runs a script and gives its last line of output. */
async function run(script: URL, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = start(script, args, env);
  let last = "";
  if (child.stdout) for await (const line of createInterface(child.stdout)) last = line;
  const code = child.exitCode ?? (await once(child, "exit"))[0];
  if (code !== 0) throw new Error(`${script.pathname} ended with ${code}`);
  return last;
}

async function answering(port: string, child: ChildProcess): Promise<void> {
  child.stdout?.resume();
  for (let i = 0; i < 200; i++) {
    if (child.exitCode !== null) throw new Error("the server did not start");
    const answer = await fetch(`http://localhost:${port}/healthz`).catch(() => null);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error("the server did not answer");
}
