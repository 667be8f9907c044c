import type pg from "pg";
import type { Credentials } from "#app/esps/esp.ts";
import { type EspKey, isEspKey } from "#app/esps/index.ts";
import type { Lane } from "#app/queue/lanes.ts";
import { unsealCredentials } from "./credentials.ts";
import type { DeliveryDeps } from "./deps.ts";
import type { Waiting } from "./plan.ts";
import { type ConnectionSettings, connectionSettings } from "./settings.ts";

/** A connection that can be sent to; its id is its lane's. */
export type OpenConnection = {
  readonly id: string;
  readonly shopId: string;
  readonly esp: EspKey;
  readonly accountKey: string;
  readonly credentials: Credentials;
  /** As stored: whether they are still the ones that a call was made with. */
  readonly sealed: string;
  readonly settings: ConnectionSettings;
};

/** SQL: connected, or paused because the ESP did not answer, which is tried again. */
const IS_OPEN = `("state" = 'connected' OR ("state" = 'paused' AND "pausedReason" = 'unavailable'))`;

type ConnectionRow = { esp: string; accountKey: string | null; credentials: string | null; settings: unknown };

/**
 * The connection of a lane; null where it is not connected.
 * @throws SealError where its credentials cannot be opened (its card says so, and nothing is sent until they can), and Error
 *   where it says that it is connected but cannot be sent to
 */
export async function loadConnection({ pool, keyring }: DeliveryDeps, lane: Lane): Promise<OpenConnection | null> {
  const { rows } = await pool.query<ConnectionRow>(
    `SELECT "esp", "accountKey", "credentials", "settings" FROM "Connection"
      WHERE "shopId" = $1 AND "id" = $2 AND ${IS_OPEN}`,
    [lane.shopId, lane.id],
  );
  const [row] = rows;
  if (!row) return null;
  const { esp, accountKey, credentials: sealed } = row;
  if (!isEspKey(esp) || !accountKey || !sealed)
    throw new Error(`${lane.id} is connected to ${esp} without credentials`);
  const credentials = unsealCredentials(keyring, lane.id, sealed);
  const settings = connectionSettings.parse(row.settings);
  return { id: lane.id, shopId: lane.shopId, esp, accountKey, credentials, sealed, settings };
}

/**
 * SQL: ticked in our form by somebody who had the address, or only typed it. It counts where the person said nothing else:
 * it does not take back an earlier "no".
 */
const IS_UNPROVED_TICK = `(consent."source" = 'claim_form' AND consent."state" = 'subscribed')`;

/**
 * The deliveries of a lane that can go now, oldest first. A person's later ones are never ready before the earlier ones
 * (outbox.ts, record.ts), so that the order by readyAt keeps theirs. Properties are the newest that the connection was told
 * of the person, not those of the delivery's own moment: an ESP may process an event after what was sent later, and what a
 * merchant sends again comes late. Neither must take the profile back to what was true then.
 */
export async function loadWaiting(pool: pg.Pool, lane: Lane, limit: number): Promise<Waiting[]> {
  const { rows } = await pool.query<Waiting>(
    `SELECT delivery."id", delivery."personId", delivery."attempts", event."id" AS "eventId", event."entry",
            event."occurredAt", event."payload", person."email",
            CASE WHEN event."properties" IS NOT NULL THEN
              (SELECT newest."properties"
                 FROM "Delivery" told JOIN "OutboxEvent" newest ON newest."shopId" = $1 AND newest."id" = told."outboxEventId"
                WHERE told."shopId" = $1 AND told."connectionId" = $2 AND newest."personId" = person."id"
                  AND newest."properties" IS NOT NULL
                ORDER BY told."seq" DESC LIMIT 1) END AS "properties",
            person."phone", person."firstName", person."lastName", person."locale", person."city", person."region",
            person."country", person."zip", known."espProfileId" AS "profileId", known."sentHash",
            CASE WHEN delivery."kind" = 'list' THEN
              (SELECT consent."state" FROM "ConsentRecord" consent
                WHERE consent."shopId" = $1 AND consent."personId" = person."id" AND consent."channel" = 'email'
                ORDER BY ${IS_UNPROVED_TICK}, consent."at" DESC, consent."id" DESC LIMIT 1) END AS "consent"
       FROM "Delivery" delivery
       JOIN "OutboxEvent" event ON event."shopId" = $1 AND event."id" = delivery."outboxEventId"
       JOIN "Person" person ON person."shopId" = $1 AND person."id" = delivery."personId"
       LEFT JOIN "ConnectionPerson" known
         ON known."shopId" = $1 AND known."connectionId" = $2 AND known."personId" = person."id"
      WHERE delivery."shopId" = $1 AND delivery."connectionId" = $2 AND delivery."state" = 'pending'
        AND delivery."readyAt" <= now()
      ORDER BY delivery."readyAt", delivery."seq" LIMIT $3`,
    [lane.shopId, lane.id, limit],
  );
  return rows;
}

/** For `runLanes`: when a lane's next delivery can go; a connection that is not connected sleeps. */
export const NEXT_DELIVERY = `
  SELECT delivery."readyAt" FROM "Delivery" delivery
   WHERE delivery."shopId" = $2 AND delivery."connectionId" = $1 AND delivery."state" = 'pending'
     AND EXISTS (SELECT 1 FROM "Connection" WHERE "shopId" = $2 AND "id" = $1 AND ${IS_OPEN})
   ORDER BY delivery."readyAt" LIMIT 1`;
