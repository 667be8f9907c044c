import type { Prisma } from "@prisma/client";
import { events, isEventKey } from "#app/catalog/catalog.ts";
import { containing } from "#app/lib/like.ts";
import { type Page, type Place, pageOf, reading } from "#app/lib/page.ts";

export type DeliveryState = "pending" | "delivered" | "rejected" | "cancelled";

/** One line of the delivery log. */
export type DeliveryRow = {
  readonly id: string;
  readonly esp: string;
  readonly kind: string;
  /** The event's name in the catalogue; null for a set of properties. */
  readonly event: string | null;
  readonly personName: string;
  readonly personEmail: string | null;
  readonly state: DeliveryState;
  /** Why it was rejected or cancelled, or what its last attempt met. */
  readonly reason: string | null;
  readonly attempts: number;
  readonly createdAt: Date;
};

/** One part of one call, as it was sent and answered. */
export type DeliveryAttempt = {
  readonly id: string;
  readonly at: Date;
  readonly outcome: string;
  readonly because: string | null;
  readonly method: string;
  readonly url: string;
  /** The body as sent. */
  readonly request: string | null;
  /** Null where no answer came. */
  readonly status: number | null;
  readonly response: string | null;
  readonly durationMs: number;
};

export type DeliveryDetail = DeliveryRow & {
  /** The id that the ESP dedupes by. */
  readonly eventId: string;
  readonly occurredAt: Date;
  readonly doneAt: Date | null;
  /** In canonical names; the attempts have the names as sent. */
  readonly payload: Prisma.JsonValue;
  readonly properties: Prisma.JsonValue;
  readonly tries: readonly DeliveryAttempt[];
};

const line = {
  include: {
    connection: { select: { esp: true } },
    person: { select: { email: true, firstName: true, lastName: true } },
    outboxEvent: true,
  },
} as const satisfies Prisma.DeliveryDefaultArgs;

/**
 * A page of the log, newest first.
 * @param filter `search` finds part of a person's name or address, or of an event's name
 */
export async function listDeliveries(
  tx: Prisma.TransactionClient,
  shopId: string,
  { state, search, ...place }: Place & { state?: DeliveryState; search?: string },
): Promise<Page<DeliveryRow>> {
  const read = reading(place, seqOf);
  const found = await tx.delivery.findMany({
    where: { shopId, state, ...(search && { OR: matching(search) }), seq: read.key },
    orderBy: { seq: read.order },
    take: read.take,
    ...line,
  });
  const page = pageOf(found, read, ({ seq }) => seq.toString());
  return { ...page, rows: page.rows.map(rowOf) };
}

/** One delivery with everything that was sent and answered; null if this shop has none of that id. */
export async function readDelivery(
  tx: Prisma.TransactionClient,
  shopId: string,
  id: string,
): Promise<DeliveryDetail | null> {
  const found = await tx.delivery.findUnique({
    where: { shopId_id: { shopId, id } },
    include: { ...line.include, tries: { include: { call: true }, orderBy: [{ at: "asc" }, { id: "asc" }] } },
  });
  if (!found) return null;
  const { outboxEvent, tries, doneAt } = found;
  return {
    ...rowOf(found),
    eventId: outboxEvent.id,
    occurredAt: outboxEvent.occurredAt,
    doneAt,
    payload: outboxEvent.payload,
    properties: outboxEvent.properties,
    tries: tries.map(({ id, at, outcome, because, call }) => {
      const { method, url, request, status, response, durationMs } = call;
      return { id, at, outcome, because, method, url, request, status, response, durationMs };
    }),
  };
}

function rowOf({ connection, person, outboxEvent, ...row }: Prisma.DeliveryGetPayload<typeof line>): DeliveryRow {
  const { id, kind, state, reason, attempts, createdAt } = row;
  return {
    id,
    esp: connection.esp,
    kind,
    event: isEventKey(outboxEvent.entry) ? events[outboxEvent.entry].name : null,
    personName: [person.firstName, person.lastName].filter(Boolean).join(" "),
    personEmail: person.email,
    state: state as DeliveryState,
    reason,
    attempts,
    createdAt,
  };
}

function matching(search: string): Prisma.DeliveryWhereInput[] {
  const sought = search.trim().toLowerCase();
  const entries = Object.entries(events).filter(([, { name }]) => name.toLowerCase().includes(sought));
  const here = containing(search);
  return [
    { person: { OR: [{ email: here }, { firstName: here }, { lastName: here }] } },
    { outboxEvent: { entry: { in: entries.map(([entry]) => entry) } } },
  ];
}

/** A cursor that nobody gave out finds the first page. */
function seqOf(cursor: string): bigint | undefined {
  return /^\d{1,18}$/.test(cursor) ? BigInt(cursor) : undefined;
}
