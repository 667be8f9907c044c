// Where the schema engine (schema-engine.mjs) finds its databases: a PostgreSQL server through pg, or the embedded
// PGlite directory. Shadow databases, which the engine compares with, are always a PGlite in memory.
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { PrismaPg } from "@prisma/adapter-pg";
import { ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import pg from "pg";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { lockDirectory } from "../app/db/dir-lock.ts";

/** What must be closed before the engine may end, newest last. */
const opened = [];

export async function closeAll() {
  for (const close of opened.splice(0).reverse()) await close();
}

/**
 * A migration-aware adapter factory as Prisma's engine wants it, with `execScript` and `createDatabase` besides.
 * @param url a server's address; `postgresql://embedded/postgres?pglite=DIRECTORY`; nothing: an empty database in memory
 */
export function migrationAdapter(url) {
  const directory = url === undefined ? "memory://" : new URL(url).searchParams.get("pglite");
  return directory === null ? onServer(new URL(url)) : onPglite(directory);
}

function onPglite(directory) {
  let database;
  const get = () => (database ??= openPglite(directory));
  return {
    provider: "postgres",
    adapterName: "pglite",
    connect: async () => pgliteConnection(await get()),
    connectToShadowDb,
    execScript: async (sql) => void (await (await get()).exec(sql)),
    async createDatabase() {
      await get();
      return { databaseName: "postgres" };
    },
  };
}

function onServer(address) {
  const databaseName = decodeURIComponent(address.pathname.slice(1));
  for (const known of ["schema", "connection_limit", "pool_timeout", "pgbouncer"]) address.searchParams.delete(known);
  const openPool = () => {
    const pool = new pg.Pool({ connectionString: address.href, max: 1, options: "-c TimeZone=UTC" });
    opened.push(() => pool.end());
    return pool;
  };
  return {
    provider: "postgres",
    adapterName: "@prisma/adapter-pg",
    async connect() {
      const pool = openPool();
      return mend(await new PrismaPg(pool, { schema: "public" }).connect(), (sql) => pool.query(sql));
    },
    connectToShadowDb,
    execScript: async (sql) => void (await openPool().query(sql)),
    async createDatabase() {
      const server = new URL(address);
      server.pathname = "/postgres";
      const client = new pg.Client({ connectionString: server.href });
      await client.connect();
      opened.push(() => client.end());
      const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [databaseName]);
      if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(databaseName)}`);
      return { databaseName };
    },
  };
}

async function connectToShadowDb() {
  return pgliteConnection(await openPglite("memory://"));
}

/** Takes the same lock as the app: a second process in the directory would lose data. */
async function openPglite(directory) {
  if (!directory.includes("://")) opened.push(await lockDirectory(path.resolve(directory)));
  const database = await PGlite.create({ dataDir: directory });
  opened.push(() => database.close());
  return database;
}

async function pgliteConnection(database) {
  return mend(await new PrismaPGlite(database).connect(), (sql) => database.exec(sql));
}

const CATALOG_CHAR = 18; // PostgreSQL's type "char", which introspection reads and adapter-pg does not know
const TEXT = 25;

/** Makes an adapter do what the engine needs of it. */
function mend(adapter, executeWhole) {
  // Reads "char" columns as text, and calls them characters afterwards.
  let charColumns = [];
  const performIO = adapter.performIO.bind(adapter);
  adapter.performIO = async (query) => {
    const result = await performIO(query);
    const fields = result.fields ?? [];
    charColumns = fields.flatMap((field, index) => (field.dataTypeID === CATALOG_CHAR ? [index] : []));
    for (const index of charColumns) fields[index].dataTypeID = TEXT;
    return result;
  };
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const index of charColumns) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
  // The adapters' own splits at every ";" (pg), or does not wait (PGlite).
  adapter.executeScript = async (sql) => {
    try {
      await executeWhole(sql);
    } catch (error) {
      adapter.onError(error);
    }
  };
  return adapter;
}
