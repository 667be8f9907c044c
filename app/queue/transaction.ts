import type pg from "pg";

/**
 * Does some work in a transaction on a connection of its own: all of it or nothing. A connection that cannot even roll back
 * is not used again.
 */
export async function inTransaction(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    await work(client);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch((lost: Error) => {
      broken = lost;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** PostgreSQL's code for a transaction that it gave up because two waited for each other. */
const DEADLOCK = "40P01";
const TIMES = 5;

/** Does a whole transaction again where it was the one that a deadlock gave up: the other has gone on. */
export async function againAfterDeadlock<Result>(transaction: () => Promise<Result>): Promise<Result> {
  for (let times = 1; ; times++) {
    try {
      return await transaction();
    } catch (error) {
      const isDeadlock = error instanceof Error && "code" in error && error.code === DEADLOCK;
      if (!isDeadlock || times === TIMES) throw error;
    }
  }
}
