import type { Prisma } from "@prisma/client";
import { type Emission, events, isEventKey, propertySets } from "#app/catalog/catalog.ts";
import { derivedId, newId } from "#app/lib/ids.ts";
import { wakeLanes } from "#app/queue/lanes.ts";
import { audienceOf, audiences, connectionSettings, listEntries } from "./settings.ts";

/** A paused connection goes on buffering; a disabled or disconnected one is told nothing new. */
const TOLD = ["connected", "paused"];

/**
 * Writes what a decision tells the world, and one pending delivery of each for every connection that is told, inside the
 * decision's transaction. What was told before (the same cause and entry) is left out.
 * The lanes stay locked until the transaction ends: call it last.
 * @param now business time of the decision
 * @throws ZodError where an emission is not what the catalogue says
 */
export async function writeOutbox(
  tx: Prisma.TransactionClient,
  shopId: string,
  now: Date,
  emissions: readonly Emission[],
): Promise<void> {
  if (emissions.length === 0) return;
  const connections = await readConnections(tx, shopId);
  await wakeLanes(
    tx,
    connections.map(({ id }) => ({ id, shopId, kind: "delivery" })),
  );

  const localeOf = await readLocales(tx, shopId, emissions);
  const rows = emissions.flatMap((emission) => [
    rowOf(shopId, now, emission, localeOf(emission.personId)),
    ...listRowsOf(shopId, now, emission).filter(({ entry }) => connections.some(({ tells }) => tells(entry))),
  ]);
  const written = await tx.outboxEvent.createManyAndReturn({ data: rows, skipDuplicates: true, select: { id: true } });
  const fresh = new Set(written.map(({ id }) => id));
  const told = rows.filter(({ id }) => fresh.delete(id));
  await addDeliveries(
    tx,
    shopId,
    now,
    connections.flatMap(({ id, tells }) =>
      told.filter(({ entry }) => tells(entry)).map((event) => ({ connectionId: id, event })),
    ),
  );
}

type OutboxRow = Prisma.OutboxEventCreateManyInput;

function rowOf(shopId: string, now: Date, emission: Emission, locale: string): OutboxRow {
  const { entry, cause, personId, at: occurredAt = now } = emission;
  const row = { shopId, id: derivedId("evt", cause, entry), personId, entry, occurredAt };
  if (!isEventKey(entry)) {
    return { ...row, kind: "profile", properties: propertySets[entry].parse(emission.properties) };
  }
  const { about, properties } = events[entry];
  const payload = {
    ...properties.parse("payload" in emission && emission.payload),
    Locale: locale,
    "Customer Role": about,
  };
  if (!emission.properties) return { ...row, kind: "event", payload };
  return { ...row, kind: "event", payload, properties: propertySets["properties.referrer"].parse(emission.properties) };
}

/** The connections that are told. Whether one puts people on a list is looked at again when that is done. */
async function readConnections(tx: Prisma.TransactionClient, shopId: string) {
  const connections = await tx.connection.findMany({
    where: { shopId, state: { in: TOLD } },
    select: { id: true, settings: true },
  });
  return connections.map(({ id, settings }) => {
    const { lists } = connectionSettings.parse(settings);
    const tells = (entry: string) => {
      const audience = audienceOf(entry);
      return audience === undefined || lists[audience].mode !== "none";
    };
    return { id, tells };
  });
}

/** Somebody who joins or claims is put on the list of their audience. */
function listRowsOf(shopId: string, now: Date, { entry: told, cause, personId, at }: Emission): OutboxRow[] {
  return audiences.flatMap((audience) => {
    const { entry, comesWith } = listEntries[audience];
    if (told !== comesWith) return [];
    return [{ shopId, id: derivedId("evt", cause, entry), personId, entry, kind: "list", occurredAt: at ?? now }];
  });
}

/** A person's own locale, the shop's where it is not known. */
async function readLocales(tx: Prisma.TransactionClient, shopId: string, emissions: readonly Emission[]) {
  const shop = await tx.shop.findUniqueOrThrow({ where: { id: shopId }, select: { locale: true } });
  const people = await tx.person.findMany({
    where: { shopId, id: { in: emissions.map(({ personId }) => personId) }, locale: { not: null } },
    select: { id: true, locale: true },
  });
  const known = new Map(people.map(({ id, locale }) => [id, locale]));
  return (personId: string) => known.get(personId) ?? shop.locale;
}

/**
 * The lanes are locked and the connections looked at again: one that was disconnected in between gets nothing. A person
 * whose earlier delivery waits for its retry has the new one behind it.
 */
async function addDeliveries(
  tx: Prisma.TransactionClient,
  shopId: string,
  now: Date,
  deliveries: readonly { readonly connectionId: string; readonly event: OutboxRow }[],
): Promise<void> {
  if (deliveries.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO "Delivery"
      ("shopId", "id", "connectionId", "personId", "outboxEventId", "kind", "state", "readyAt", "createdAt")
    SELECT connection."shopId", new.id, connection."id", new.person, new.event, new.kind, 'pending',
           greatest(date_trunc('milliseconds', now()),
                    (SELECT max(waiting."readyAt") FROM "Delivery" waiting
                      WHERE waiting."shopId" = ${shopId} AND waiting."connectionId" = new.connection
                        AND waiting."personId" = new.person AND waiting."state" = 'pending')),
           ${now}
      FROM unnest(
             ${deliveries.map(() => newId("dlv", now))}::text[],
             ${deliveries.map(({ connectionId }) => connectionId)}::text[],
             ${deliveries.map(({ event }) => event.personId)}::text[],
             ${deliveries.map(({ event }) => event.id)}::text[],
             ${deliveries.map(({ event }) => event.kind)}::text[]
           ) WITH ORDINALITY AS new(id, connection, person, event, kind, place)
      JOIN "Connection" connection ON connection."shopId" = ${shopId} AND connection."id" = new.connection
       AND connection."state" = ANY(${TOLD})
     ORDER BY new.place`;
}
