import type pg from "pg";
import { newId } from "#app/lib/ids.ts";
import { againAfterDeadlock, inTransaction } from "#app/queue/transaction.ts";
import type { Made } from "./calls.ts";
import type { DeliveryDeps } from "./deps.ts";
import type { EspState } from "./health.ts";
import type { OpenConnection } from "./load.ts";
import type { Waiting } from "./plan.ts";
import type { Known, StepOutcome } from "./round.ts";
import { type Settled, settle } from "./settle.ts";

/** What became of the deliveries of one step. */
export type Result = { readonly deliveries: readonly Waiting[]; readonly outcome: StepOutcome };

/** What a turn did, and what it found. */
export type TurnReport = {
  readonly made: readonly Made[];
  readonly results: readonly Result[];
  /** By person. */
  readonly learnt: ReadonlyMap<string, Known>;
  readonly state: EspState;
};

/** Characters that are kept of an answer, and of a reason. */
const KEPT_ANSWER = 16_384;
const KEPT_REASON = 500;

/**
 * Writes down what a turn did, in one transaction. A worker that is killed before has recorded nothing: the next one makes
 * the same calls with the same ids, and the ESP keeps the first.
 */
export async function record(
  { pool, now, log }: DeliveryDeps,
  connection: OpenConnection,
  { made, results, learnt, state }: TurnReport,
): Promise<void> {
  const { id, shopId } = connection;
  // A customer merge locks deliveries before the lane, in the other order.
  await againAfterDeadlock(() =>
    inTransaction(pool, async (client) => {
      // As whoever adds deliveries: a person's later ones are planned before this transaction or after it, never during it.
      await client.query(`SELECT 1 FROM "Lane" WHERE "id" = $1 AND "shopId" = $2 FOR UPDATE`, [id, shopId]);
      await insertCalls(client, connection, made);
      await insertAttempts(client, connection, made);
      const rows = settleAll(results, made, state, now());
      await updateDeliveries(client, connection, rows);
      await delayPeople(client, connection, rows);
      await rememberPeople(client, connection, learnt, now());
      if (rows.some((row) => row.state === "delivered")) await noteSuccess(client, connection, now());
      await (state && noteState[state](client, connection, now()));
    }),
  );
  if (state === "refusing" || state === "down") log.warn({ shopId, connectionId: id, state }, "connection paused");
}

function settleAll(results: readonly Result[], made: readonly Made[], state: EspState, now: Date): Settled[] {
  const calls = new Map<readonly Waiting[], number>();
  for (const { deliveries, outcome } of made) {
    if (outcome.kind !== "found") calls.set(deliveries, (calls.get(deliveries) ?? 0) + 1);
  }
  return results.flatMap(({ deliveries, outcome }) =>
    deliveries.map((delivery) => settle(delivery, outcome, calls.get(deliveries) ?? 0, state, now)),
  );
}

async function insertCalls(client: pg.ClientBase, { shopId, id }: OpenConnection, made: readonly Made[]) {
  if (made.length === 0) return;
  await client.query(
    `INSERT INTO "EspCall"
       ("shopId", "connectionId", "id", "method", "url", "request", "status", "response", "durationMs", "at")
     SELECT $1, $2, * FROM unnest(
       $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::int[], $10::timestamptz[])`,
    [
      shopId,
      id,
      made.map((one) => one.id),
      made.map(({ call }) => call.method),
      made.map(({ call }) => call.url),
      made.map(({ call }) => call.body),
      made.map(({ call }) => call.answer.status),
      made.map(({ call }) => (call.answer.status === null ? null : storable(call.answer.body, KEPT_ANSWER))),
      made.map(({ call }) => call.durationMs),
      made.map(({ at }) => at),
    ],
  );
}

async function insertAttempts(client: pg.ClientBase, { shopId }: OpenConnection, made: readonly Made[]) {
  const parts = made.flatMap(({ deliveries, ...one }) => deliveries.map((delivery) => ({ ...one, delivery })));
  if (parts.length === 0) return;
  await client.query(
    `INSERT INTO "Attempt" ("shopId", "id", "deliveryId", "callId", "outcome", "because", "at")
     SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])`,
    [
      shopId,
      parts.map(({ at }) => newId("att", at)),
      parts.map(({ delivery }) => delivery.id),
      parts.map(({ id }) => id),
      parts.map(({ outcome }) => outcome.kind),
      parts.map(({ outcome }) => ("because" in outcome ? storable(outcome.because, KEPT_REASON) : null)),
      parts.map(({ at }) => at),
    ],
  );
}

async function updateDeliveries(client: pg.ClientBase, { shopId }: OpenConnection, rows: readonly Settled[]) {
  if (rows.length === 0) return;
  await client.query(
    `UPDATE "Delivery" delivery
        SET "state" = done.state, "reason" = done.reason, "attempts" = done.tries, "doneAt" = done.at
       FROM unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::timestamptz[])
         AS done(id, state, reason, tries, at)
      WHERE delivery."shopId" = $1 AND delivery."id" = done.id AND delivery."state" = 'pending'`,
    [
      shopId,
      rows.map(({ id }) => id),
      rows.map(({ state }) => state),
      rows.map(({ reason }) => reason && storable(reason, KEPT_REASON)),
      rows.map(({ tries }) => tries),
      rows.map(({ doneAt }) => doneAt),
    ],
  );
}

/** A delivery that is tried again has all the later ones of its person wait behind it. */
async function delayPeople(client: pg.ClientBase, { shopId, id }: OpenConnection, rows: readonly Settled[]) {
  const delayed = rows.filter(({ delay }) => delay > 0);
  if (delayed.length === 0) return;
  await client.query(
    `UPDATE "Delivery" delivery
        SET "readyAt" = greatest(delivery."readyAt",
                                 date_trunc('milliseconds', now() + make_interval(secs => late.seconds)))
       FROM unnest($3::text[], $4::float8[]) AS late(person, seconds)
      WHERE delivery."shopId" = $1 AND delivery."connectionId" = $2 AND delivery."personId" = late.person
        AND delivery."state" = 'pending'`,
    [shopId, id, delayed.map(({ personId }) => personId), delayed.map(({ delay }) => delay)],
  );
}

/**
 * What was learnt of people: the ESP's id of them, and which of their fields were decided about. Nothing, where the merchant
 * has changed the account meanwhile: it is not true of the new one; nor of a person who was merged into another meanwhile.
 */
async function rememberPeople(
  client: pg.ClientBase,
  { shopId, id, accountKey }: OpenConnection,
  learnt: ReadonlyMap<string, Known>,
  now: Date,
) {
  if (learnt.size === 0) return;
  const people = [...learnt.values()];
  await client.query(
    `INSERT INTO "ConnectionPerson" AS known
       ("shopId", "connectionId", "personId", "espProfileId", "sentHash", "updatedAt")
     SELECT $1, $2, t.person, t.profile, t.hash, $6
       FROM unnest($3::text[], $4::text[], $5::text[]) AS t(person, profile, hash)
       JOIN "Person" known ON known."shopId" = $1 AND known."id" = t.person
      WHERE EXISTS (SELECT 1 FROM "Connection" WHERE "shopId" = $1 AND "id" = $2 AND "accountKey" = $7)
        FOR KEY SHARE OF known
     ON CONFLICT ("shopId", "connectionId", "personId") DO UPDATE
        SET "espProfileId" = excluded."espProfileId", "sentHash" = excluded."sentHash",
            "updatedAt" = excluded."updatedAt"`,
    [
      shopId,
      id,
      [...learnt.keys()],
      people.map(({ profileId }) => profileId),
      people.map(({ sentHash }) => sentHash),
      now,
      accountKey,
    ],
  );
}

async function noteSuccess(client: pg.ClientBase, { shopId, id }: OpenConnection, now: Date) {
  await client.query(`UPDATE "Connection" SET "lastSuccessAt" = $3 WHERE "shopId" = $1 AND "id" = $2`, [
    shopId,
    id,
    now,
  ]);
}

/** What the ESP's state does to the connection, for the merchant to see. */
const noteState = {
  /** Everything waits for new credentials; where the merchant has just given some, these go on. */
  async refusing(client, { shopId, id, sealed }, now) {
    await client.query(
      `UPDATE "Connection" SET "state" = 'paused', "pausedReason" = 'reconnect', "updatedAt" = $4
        WHERE "shopId" = $1 AND "id" = $2 AND "credentials" = $3
          AND ("state" = 'connected' OR ("state" = 'paused' AND "pausedReason" = 'unavailable'))`,
      [shopId, id, sealed, now],
    );
  },
  /** It is probed, and resumes by itself. */
  async down(client, { shopId, id }, now) {
    await client.query(
      `UPDATE "Connection" SET "state" = 'paused', "pausedReason" = 'unavailable', "updatedAt" = $3
        WHERE "shopId" = $1 AND "id" = $2 AND "state" = 'connected'`,
      [shopId, id, now],
    );
  },
  async answering(client, { shopId, id }, now) {
    await client.query(
      `UPDATE "Connection" SET "state" = 'connected', "pausedReason" = NULL, "updatedAt" = $3
        WHERE "shopId" = $1 AND "id" = $2 AND "state" = 'paused' AND "pausedReason" = 'unavailable'`,
      [shopId, id, now],
    );
  },
} satisfies Record<string, (client: pg.ClientBase, connection: OpenConnection, now: Date) => Promise<void>>;

/** PostgreSQL's text has no NUL. */
function storable(text: string, length: number): string {
  return text.slice(0, length).replaceAll("\0", "");
}
