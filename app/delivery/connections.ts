import type { Connection, Prisma } from "@prisma/client";
import type { EventKey } from "#app/catalog/catalog.ts";
import { type EspKey, espKeys, esps } from "#app/esps/index.ts";
import { newId } from "#app/lib/ids.ts";
import { wakeLanes } from "#app/queue/lanes.ts";
import { maskCredentials, parseCredentials, sealCredentials } from "./credentials.ts";
import type { DeliveryDeps } from "./deps.ts";
import { type ConnectionSettings, connectionSettings, parseSettings, type SettingsError } from "./settings.ts";
import { type ConnectError, verify } from "./verify.ts";

export type { ConnectionSettings, SettingsError } from "./settings.ts";
export type { ConnectError } from "./verify.ts";

export type ConnectionState = "connected" | "paused" | "disabled" | "disconnected";

/** What the Integrations page shows of one ESP; a shop that never connected it has a disconnected one. */
export type ConnectionCard = {
  readonly esp: EspKey;
  readonly state: ConnectionState;
  /** By field: enough to recognise a key, never the key. */
  readonly masked: Readonly<Record<string, string>>;
  readonly accountName: string | null;
  /** `reconnect`: the ESP refused the credentials. `unavailable`: it does not answer; we try again by ourselves. */
  readonly pausedReason: string | null;
  readonly lastSuccessAt: Date | null;
  /** Deliveries that have not arrived yet. */
  readonly waiting: number;
  readonly settings: ConnectionSettings;
};

type Merchant = { readonly shopId: string; readonly esp: EspKey };

/**
 * Takes credentials that the merchant pasted: proves them with the ESP (≤ 5 s), then stores them sealed. Nothing is
 * stored when anything is wrong. A paused connection resumes, a disconnected one comes back, a disabled one stays off.
 */
export async function connectEsp(
  deps: DeliveryDeps,
  { shopId, esp, credentials: pasted }: Merchant & { readonly credentials: unknown },
): Promise<{ ok: true; accountName: string } | { ok: false; errors: ConnectError[] }> {
  const parsed = parseCredentials(esp, pasted);
  if (!parsed.ok) return parsed;
  const earlier = await deps.db.connection.findUnique({ where: { shopId_esp: { shopId, esp } } });
  const verified = await verify(deps, esp, parsed.credentials, earlier?.accountKey ?? null);
  if (!verified.ok) return verified;

  const { accountKey, accountName } = verified;
  const now = deps.now();
  const id = earlier?.id ?? newId("con", now);
  const proved = {
    credentials: sealCredentials(deps.keyring, id, parsed.credentials),
    masked: maskCredentials(esp, parsed.credentials),
    accountKey,
    accountName,
    pausedReason: null,
    updatedAt: now,
  };
  await inLane(deps, shopId, id, async (tx) => {
    const current = await tx.connection.findUnique({ where: { shopId_esp: { shopId, esp } } });
    const state = current?.state;
    if (current?.accountKey !== accountKey) await forgetPeople(tx, shopId, id);
    await tx.connection.upsert({
      where: { shopId_esp: { shopId, esp } },
      create: {
        ...proved,
        shopId,
        id,
        esp,
        state: "connected",
        settings: connectionSettings.parse({}),
        connectedAt: now,
      },
      update: {
        ...proved,
        state: state === "disabled" ? "disabled" : "connected",
        ...(state === "disconnected" && { connectedAt: now }),
      },
    });
  });
  return { ok: true, accountName };
}

/** Deletes the credentials; what waits is cancelled and stays in the log. */
export async function disconnectEsp(deps: DeliveryDeps, { shopId, esp }: Merchant): Promise<void> {
  const found = await deps.db.connection.findUnique({ where: { shopId_esp: { shopId, esp } }, select: { id: true } });
  if (!found) return;
  const now = deps.now();
  await inLane(deps, shopId, found.id, async (tx) => {
    await tx.connection.update({
      where: { shopId_esp: { shopId, esp } },
      data: {
        state: "disconnected",
        credentials: null,
        masked: {},
        accountKey: null,
        accountName: null,
        pausedReason: null,
        updatedAt: now,
      },
    });
    await forgetPeople(tx, shopId, found.id);
    await tx.delivery.updateMany({
      where: { shopId, connectionId: found.id, state: "pending" },
      data: { state: "cancelled", reason: "disconnected", doneAt: now },
    });
  });
}

/** What was learnt of people at one account is not true of another: theirs are other profiles, with nothing filled yet. */
async function forgetPeople(tx: Prisma.TransactionClient, shopId: string, connectionId: string): Promise<void> {
  await tx.connectionPerson.deleteMany({ where: { shopId, connectionId } });
}

/**
 * Turns a connection off (nothing new is planned, what waits goes on waiting) or on again. One that was paused before it
 * was turned off is still paused: only new credentials mend it.
 */
export async function setEspEnabled(
  deps: DeliveryDeps,
  { shopId, esp, enabled }: Merchant & { readonly enabled: boolean },
): Promise<void> {
  const found = await deps.db.connection.findUnique({ where: { shopId_esp: { shopId, esp } }, select: { id: true } });
  if (!found) return;
  await inLane(deps, shopId, found.id, async (tx) => {
    const where = { shopId, esp, state: enabled ? "disabled" : { in: ["connected", "paused"] } };
    const connection = await tx.connection.findFirst({ where });
    if (!connection) return;
    const on = connection.pausedReason ? "paused" : "connected";
    await tx.connection.updateMany({ where, data: { state: enabled ? on : "disabled", updatedAt: deps.now() } });
  });
}

/**
 * Changes settings; what is absent stays as it is. They hold for what waits, too.
 * @param settings any part of `ConnectionSettings`, as a form sent it
 */
export async function updateSettings(
  deps: DeliveryDeps,
  { shopId, esp, settings: given }: Merchant & { readonly settings: Readonly<Record<string, unknown>> },
): Promise<{ ok: true } | { ok: false; errors: SettingsError[] }> {
  const found = await deps.db.connection.findUnique({ where: { shopId_esp: { shopId, esp } } });
  if (!found) return { ok: false, errors: [{ field: "form", code: "required" }] };
  const parsed = parseSettings({ ...connectionSettings.parse(found.settings), ...given });
  if (!parsed.ok) return parsed;
  await inLane(deps, shopId, found.id, async (tx) => {
    await tx.connection.update({
      where: { shopId_esp: { shopId, esp } },
      data: { settings: parsed.settings, updatedAt: deps.now() },
    });
  });
  return { ok: true };
}

/** Whether what happens from now on reaches the ESP as that event; a paused connection sends it when it goes on. */
export function carries({ state, settings }: Pick<ConnectionCard, "state" | "settings">, event: EventKey): boolean {
  return (state === "connected" || state === "paused") && !settings.withheld.events.includes(event);
}

/** One card per ESP that we know. */
export async function readConnections(deps: DeliveryDeps, shopId: string): Promise<ConnectionCard[]> {
  const connections = await deps.db.connection.findMany({ where: { shopId } });
  const waiting = await deps.db.delivery.groupBy({
    by: ["connectionId"],
    where: { shopId, state: "pending" },
    _count: true,
  });
  const waitingIn = new Map(waiting.map(({ connectionId, _count }) => [connectionId, _count]));
  return espKeys.map((esp) => {
    const connection = connections.find((candidate) => candidate.esp === esp);
    return cardOf(esp, connection, waitingIn.get(connection?.id ?? "") ?? 0);
  });
}

function cardOf(esp: EspKey, connection: Connection | undefined, waiting: number): ConnectionCard {
  if (!connection) {
    const nothing = { masked: {}, accountName: null, pausedReason: null, lastSuccessAt: null };
    return { esp, state: "disconnected", ...nothing, waiting, settings: connectionSettings.parse({}) };
  }
  const { accountName, pausedReason, lastSuccessAt } = connection;
  const masked = Object.fromEntries(
    Object.keys(esps[esp].fields).flatMap((field) => {
      const value = (connection.masked as Prisma.JsonObject | null)?.[field];
      return typeof value === "string" ? [[field, value]] : [];
    }),
  );
  const state = connection.state as ConnectionState;
  const settings = connectionSettings.parse(connection.settings);
  return { esp, state, masked, accountName, pausedReason, lastSuccessAt, waiting, settings };
}

/**
 * Runs a change of a connection with its lane locked, and lets a worker look at the lane afterwards: no delivery is
 * planned or recorded meanwhile.
 */
export async function inLane(
  deps: DeliveryDeps,
  shopId: string,
  id: string,
  change: (tx: Prisma.TransactionClient) => Promise<void>,
): Promise<void> {
  await deps.db.$transaction(async (tx) => {
    await wakeLanes(tx, [{ id, shopId, kind: "delivery" }]);
    await change(tx);
  });
}
