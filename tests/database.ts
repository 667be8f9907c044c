import { createHash, randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { migrate, readMigrations } from "#app/db/migrate.ts";
import { pglitePool } from "#app/db/pglite-pool.ts";

/** A database that one worker of the tests, or one app started by a test, has to itself. */
export type TestDatabase = {
  /** For the environment of the process that opens it. */
  readonly env: { DATA_DIR: string; CLOCK_OFFSET_FILE: string; DATABASE_URL?: string };
  readonly drop: () => Promise<void>;
};

const CACHE = path.resolve(".cache");
const migrations = readMigrations("prisma/migrations");
const version = createHash("sha256")
  .update(migrations.map(({ name, checksum }) => name + checksum).join())
  .digest("hex")
  .slice(0, 16);
const templateDirectory = path.join(CACHE, `pglite-${version}`);
const templateName = `passalong_template_${version}`;

/** The PostgreSQL server to test on; PGlite when it is not set. */
const server = process.env.TEST_DATABASE_URL;

/** In the names of all that a test run makes: TEST_RUN, or this process where it is not part of one. */
const ownName = () => `passalong_test_${process.env.TEST_RUN ?? process.pid}_`;

/** A migrated database to copy from, made once per state of the migrations. */
export async function makeTemplate(): Promise<void> {
  await (server ? makeServerTemplate(server) : makeEmbeddedTemplate());
}

/** Removes what the processes of this run have left behind, after the last of them. */
export async function dropTestDatabases(): Promise<void> {
  const directories = readdirSync(os.tmpdir()).filter((name) => name.startsWith(ownName()));
  for (const name of directories) rmSync(path.join(os.tmpdir(), name), { recursive: true, force: true });
  if (!server) return;
  await onServer(server, async (client) => {
    const query = "SELECT datname FROM pg_database WHERE starts_with(datname, $1)";
    const { rows } = await client.query<{ datname: string }>(query, [ownName()]);
    for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
  });
}

/** A fresh, migrated, empty database. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const directory = mkdtempSync(path.join(os.tmpdir(), ownName()));
  const env = { DATA_DIR: directory, CLOCK_OFFSET_FILE: path.join(directory, "clock") };
  const removeDirectory = () => rmSync(directory, { recursive: true, force: true });
  if (!server) {
    cpSync(templateDirectory, path.join(directory, "pglite"), { recursive: true });
    return { env, drop: async () => removeDirectory() };
  }
  const name = ownName() + randomBytes(4).toString("hex");
  await onServer(server, async (client) => {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${templateName}`);
    // Nobody pulls the plug of a test's server, so no commit waits for the disk. Benches measure with that wait.
    if (process.env.TEST_RUN) await client.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
  });
  return {
    env: { ...env, DATABASE_URL: databaseUrl(server, name) },
    async drop() {
      removeDirectory();
      await onServer(server, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
    },
  };
}

/**
 * Empties every table of the app's own database, between tests. Deletes, because tables hold a few rows then and
 * TRUNCATE makes new files for each (some 100 ms); without foreign keys, whose order is of no interest here.
 */
export async function emptyTables(): Promise<void> {
  const { pool } = await import("#app/db.server.ts");
  await pool.query(`DO $$
    DECLARE name text;
    BEGIN
      SET LOCAL session_replication_role = replica;
      FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' LOOP
        EXECUTE format('DELETE FROM %I', name);
      END LOOP;
      IF to_regclass('pgboss.job') IS NOT NULL THEN DELETE FROM pgboss.job; END IF;
      PERFORM setval(format('%I', sequencename), 1, false) FROM pg_sequences WHERE schemaname = 'public';
    END $$`);
}

/** @returns a directory of PGlite to copy, not to open */
export async function makeEmbeddedTemplate(): Promise<string> {
  if (existsSync(templateDirectory)) return templateDirectory;
  mkdirSync(CACHE, { recursive: true });
  forgetOldTemplates();
  const unfinished = `${templateDirectory}-${process.pid}`;
  const database = await PGlite.create({ dataDir: unfinished });
  const pool = await pglitePool(database);
  await migrate(pool, migrations);
  await pool.query("CHECKPOINT");
  await pool.end();
  await database.close();
  if (existsSync(templateDirectory)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, templateDirectory);
  return templateDirectory;
}

/** Of earlier migrations. A younger one may be in use by tests of another branch that run just now. */
function forgetOldTemplates() {
  for (const name of readdirSync(CACHE).filter((file) => file.startsWith("pglite-"))) {
    const template = path.join(CACHE, name);
    if (Date.now() - statSync(template).mtimeMs > 86_400_000) rmSync(template, { recursive: true, force: true });
  }
}

async function makeServerTemplate(url: string) {
  await onServer(url, async (client) => {
    await client.query("SELECT pg_advisory_lock(hashtext($1))", [templateName]);
    const known = await client.query("SELECT FROM pg_database WHERE datname = $1", [templateName]);
    if (known.rowCount) return;
    const unfinished = `${templateName}_unfinished`;
    await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${unfinished}`);
    const pool = new pg.Pool({ connectionString: databaseUrl(url, unfinished), max: 1 });
    await migrate(pool, migrations);
    await pool.end();
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${templateName}`);
  });
}

async function onServer(url: string, act: (client: pg.Client) => Promise<unknown>) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await act(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}
