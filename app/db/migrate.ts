import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type pg from "pg";

/** Prisma's own advisory lock: `prisma migrate deploy` at the same time waits for us, and we for it. */
const LOCK = 72707369;

/** As Prisma makes it, so that `prisma migrate status` and `deploy` find what they know. */
const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id                  VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum            VARCHAR(64) NOT NULL,
  finished_at         TIMESTAMPTZ,
  migration_name      VARCHAR(255) NOT NULL,
  logs                TEXT,
  rolled_back_at      TIMESTAMPTZ,
  started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

export type Migration = { readonly name: string; readonly sql: string; readonly checksum: string };

type Applied = { migration_name: string; checksum: string; finished_at: Date | null };

/** The migrations of a folder (`prisma/migrations`), oldest first. */
export function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

/**
 * Applies what is missing, at application start: forward only, with the bookkeeping of `prisma migrate deploy` and
 * without its engine. Processes that start at once wait for each other.
 * @returns names of what it applied
 * @throws Error when a migration fails, failed earlier, or was changed after it was applied
 */
export async function migrate(pool: pg.Pool, migrations: Migration[]): Promise<string[]> {
  const client = await pool.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
    await client.query(BOOKKEEPING);
    const { rows } = await client.query<Applied>(
      "SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL",
    );
    const missing = migrations.filter((migration) => !wasApplied(migration, rows));
    for (const migration of missing) await apply(client, migration);
    return missing.map(({ name }) => name);
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [LOCK]);
    client.release();
  }
}

function wasApplied({ name, checksum }: Migration, rows: Applied[]): boolean {
  const row = rows.find(({ migration_name }) => migration_name === name);
  if (!row) return false;
  if (!row.finished_at) {
    throw new Error(`Migration ${name} failed earlier (P3009). Mend the database, then: npx prisma migrate resolve`);
  }
  if (row.checksum !== checksum) throw new Error(`Migration ${name} was changed after it was applied.`);
  return true;
}

async function apply(client: pg.PoolClient, { name, sql, checksum }: Migration) {
  const id = randomUUID();
  await client.query("INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)", [
    id,
    checksum,
    name,
  ]);
  try {
    await client.query(sql); // several statements in one message are one transaction
  } catch (error) {
    await client.query("ROLLBACK"); // of a migration that began its own
    await client.query("UPDATE _prisma_migrations SET logs = $2 WHERE id = $1", [id, String(error)]);
    throw new Error(`Migration ${name} failed (P3018): ${String(error)}`, { cause: error });
  }
  await client.query(
    "UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = applied_steps_count + 1 WHERE id = $1",
    [id],
  );
}
