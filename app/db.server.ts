import path from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@prisma/client";
import { guard } from "#app/db/guard.ts";
import { readOrMakeKeyFile } from "#app/db/key-file.ts";
import { openEmbedded, openServer } from "#app/db/open.ts";
import { env } from "#app/env.server.ts";
import { type Keyring, keyringOf } from "#app/lib/sealed.ts";
import { log } from "#app/log.server.ts";

/** Whether the database is inside this process: no other process can work on it then. */
export const embedded = env.DATABASE_URL === undefined;

const database = await (env.DATABASE_URL
  ? openServer(env.DATABASE_URL, complain)
  : openEmbedded(path.join(env.DATA_DIR, "pglite"), complain));

export const pool = database.pool;

/** Throws ForgottenShop on a query that is not about one shop. */
export const db: PrismaClient = guard(
  new PrismaClient({
    adapter: new PrismaPg(pool),
    errorFormat: "minimal", // the other formats quote our source
    transactionOptions: { maxWait: 10_000, timeout: 15_000 },
  }),
);

/** Seals tokens and credentials. */
export const keyring: Keyring = keyringOf(env.ENCRYPTION_KEYS ?? readOrMakeKeyFile(path.join(env.DATA_DIR, "key")));

/** Last thing a process does; queries fail afterwards. */
export async function closeDatabase(): Promise<void> {
  await db.$disconnect();
  await database.close();
}

function complain(error: unknown) {
  log.error({ err: error }, "database");
}
