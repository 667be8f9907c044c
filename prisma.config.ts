import path from "node:path";
import { defineConfig } from "prisma/config";

// No engine download: the schema engine is the official wasm build behind a small JSON-RPC shim.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= path.resolve("tools/schema-engine.mjs");

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: {
    url:
      process.env.DATABASE_URL ||
      `postgresql://embedded/postgres?pglite=${encodeURIComponent(path.resolve(".data/pglite"))}`,
  },
});
