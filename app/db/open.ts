import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { lockDirectory } from "./dir-lock.ts";
import { migrate, readMigrations } from "./migrate.ts";
import { pglitePool } from "./pglite-pool.ts";
import { startUpkeep } from "./upkeep.ts";

export type Database = { readonly pool: pg.Pool; readonly close: () => Promise<void> };

/** Relative to where the process was started: every npm script runs in the repository. */
const MIGRATIONS = "prisma/migrations";

/**
 * A PostgreSQL server, migrated.
 * @param onError hears of idle connections that broke; the pool replaces them
 */
export async function openServer(url: string, onError: (error: unknown) => void): Promise<Database> {
  // Without a time zone, timestamps that adapter-pg writes are off by the server's.
  const pool = new pg.Pool({ connectionString: url, max: 20, options: "-c TimeZone=UTC" }).on("error", onError);
  await migrate(pool, readMigrations(MIGRATIONS));
  return { pool, close: () => pool.end() };
}

/**
 * PGlite in a directory, migrated, for this process only. It survives kill -9, but not the loss of power.
 * @param onError hears of upkeep that failed; it is tried again
 */
export async function openEmbedded(directory: string, onError: (error: unknown) => void): Promise<Database> {
  const unlock = await lockDirectory(path.resolve(directory));
  const database = await PGlite.create({ dataDir: directory });
  const pool = await pglitePool(database);
  await migrate(pool, readMigrations(MIGRATIONS));
  const stopUpkeep = startUpkeep(pool, onError);
  return {
    pool,
    async close() {
      await stopUpkeep();
      await pool.end();
      await database.close();
      await unlock();
    },
  };
}
