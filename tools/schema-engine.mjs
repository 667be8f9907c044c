#!/usr/bin/env node
// Stands in for the native schema engine that Prisma's CLI would download: the same command line and the same
// line-delimited JSON-RPC on standard input and output, over Prisma's official WebAssembly build of that engine.
// The CLI takes it because prisma.config.ts names it in PRISMA_SCHEMA_ENGINE_BINARY.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import { closeAll, migrationAdapter } from "./migration-adapter.mjs";

/** The engine's methods that are handed on as they are. */
const METHODS = new Set([
  "applyMigrations",
  "createMigration",
  "devDiagnostic",
  "diagnoseMigrationHistory",
  "diff",
  "ensureConnectionValidity",
  "evaluateDataLoss",
  "introspect",
  "introspectSql",
  "markMigrationApplied",
  "markMigrationRolledBack",
  "reset",
  "schemaPush",
]);

const options = process.argv.slice(2);
const [datasource] = valuesOf("--datasource");
const { url } = datasource ? JSON.parse(datasource) : { url: process.env.DATABASE_URL };

if (options.includes("--version") || options.includes("-V")) console.log("schema-engine-wasm");
else if (options.includes("cli")) process.exitCode = await runCommand(options.at(-1));
else serve();

function valuesOf(name) {
  return options.filter((_, index) => options[index - 1] === name);
}

/** `schema-engine --datasource {…} cli can-connect-to-database|create-database`; failures are a JSON line of its log. */
async function runCommand(command) {
  const adapter = migrationAdapter(url);
  try {
    if (command === "create-database") await adapter.createDatabase();
    else if (command === "can-connect-to-database") {
      await (await adapter.connect()).queryRaw({ sql: "SELECT 1", args: [], argTypes: [] });
    } else throw new Error(`the schema engine has no command ${command}`);
    return 0;
  } catch (error) {
    const fields = {
      is_panic: false,
      error_code: error.cause?.kind === "DatabaseDoesNotExist" ? "P1003" : "P1001",
      message: error.cause?.originalMessage ?? error.message,
    };
    process.stderr.write(`\n${JSON.stringify({ level: "ERROR", target: "schema_engine::logger", fields })}\n`);
    return 1;
  } finally {
    await closeAll();
  }
}

/** Answers requests one after another until the CLI closes our input. */
function serve() {
  const lines = createInterface({ input: process.stdin });
  const prints = new Map();
  let engine;
  let work = Promise.resolve();

  lines.on("line", (line) => {
    if (line.trim() === "") return;
    const message = JSON.parse(line);
    if (message.method === undefined) return prints.get(message.id)?.();
    work = work.then(() => answer(message));
  });
  lines.on("close", async () => {
    await work;
    await closeAll();
    process.exit(0);
  });

  async function answer({ id, method, params }) {
    try {
      // A comparison of files needs no database: the directory stays free for the app.
      engine ??= await startEngine(method === "diff" && !isLive(params.from) && !isLive(params.to) ? undefined : url);
      send({ jsonrpc: "2.0", id, result: await call(method, params) });
    } catch (error) {
      send({ jsonrpc: "2.0", id, error: rpcError(error, engine) });
    }
  }

  async function call(method, params) {
    if (method === "createDatabase") return engine.adapter.createDatabase();
    if (method === "getDatabaseVersion") return engine.wasm.version(params);
    // Run it whole: the engine refuses targets that it did not open itself.
    if (method === "dbExecute") return (await engine.adapter.execScript(params.script)) ?? null;
    if (!METHODS.has(method)) throw new Error(`the schema engine has no method ${method}`);
    const result = await engine.wasm[method](params);
    if (method !== "diff") return result ?? {};
    if (result?.stdout) await print(result.stdout);
    return { exitCode: result.exitCode, stdout: null };
  }

  /** The native engine prints differences by calling back into the CLI, which acknowledges. */
  function print(content) {
    const id = 1_000_000 + prints.size;
    send({ jsonrpc: "2.0", id, method: "print", params: { content } });
    return new Promise((resolve) => prints.set(id, resolve));
  }
}

function isLive(target) {
  return target?.tag === "url" || target?.tag === "schemaDatasource";
}

function send(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function startEngine(databaseUrl) {
  const folder = path.dirname(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm"));
  const glue = await import(path.join(folder, "schema_engine_bg.js"));
  const module = new WebAssembly.Module(readFileSync(path.join(folder, "schema_engine_bg.wasm")));
  const instance = new WebAssembly.Instance(module, { "./schema_engine_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();

  const adapter = migrationAdapter(databaseUrl);
  const bound = bindMigrationAwareSqlAdapterFactory(adapter);
  const files = valuesOf("--datamodels");
  const datamodels = files.length > 0 ? files.map((file) => [file, readFileSync(file, "utf8")]) : undefined;
  const wasm = await glue.SchemaEngine.new({ datamodels }, () => {}, bound);
  return { wasm, adapter, errors: bound.errorRegistry };
}

/** The error as the CLI reads it. What the engine says itself is JSON in the message; what an adapter threw it keeps by number. */
function rpcError(error, engine) {
  const text = String(error?.message ?? error);
  const said = [error, error?.cause, parsed(text)].find((part) => part?.is_panic !== undefined || part?.error_code);
  const data = said ?? { is_panic: false, message: text, error_code: error?.code, meta: error?.meta };
  const [, thrown] = /GenericJs\((\d+)\)/.exec(text) ?? /"id":\s*(\d+)/.exec(text) ?? [];
  const record = thrown && engine?.errors?.consumeError?.(Number(thrown));
  const message = record ? `${data.message}\n${record.error?.message ?? record.error}` : data.message;
  return { code: 4466, message: "An error happened. Check the data field for details.", data: { ...data, message } };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
