import type { Connection, Prisma } from "@prisma/client";
import type { EventKey } from "#app/catalog/catalog.ts";
import { type EspKey, espKeys, esps } from "#app/esps/index.ts";
import { newId } from "#app/lib/ids.ts";
import { wakeLanes } from "#app/queue/lanes.ts";
import { maskCredentials, openCredentials, parseCredentials, sealCredentials } from "./credentials.ts";
import type { DeliveryDeps } from "./deps.ts";
import { hasLists, keepLists } from "./keep-lists.ts";
import { readLists } from "./lists.ts";
import {
  type Audience,
  type ConnectionSettings,
  connectionSettings,
  parseSettings,
  type SettingsError,
} from "./settings.ts";
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
  /**
   * `reconnect`: the ESP refused the credentials. `unreadable`: we cannot open them. `unavailable`: the ESP does not answer;
   * we try again by ourselves.
   */
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
 * @returns `listsLeft`: who joins no list any more, because the credentials are another account's, which has not got theirs
 */
export async function connectEsp(
  deps: DeliveryDeps,
  { shopId, esp, credentials: pasted }: Merchant & { readonly credentials: unknown },
): Promise<{ ok: true; accountName: string; listsLeft: Audience[] } | { ok: false; errors: ConnectError[] }> {
  const parsed = parseCredentials(esp, pasted);
  if (!parsed.ok) return parsed;
  const earlier = await deps.db.connection.findUnique({ where: { shopId_esp: { shopId, esp } } });
  const verified = await verify(deps, esp, parsed.credentials, earlier?.accountKey ?? null);
  if (!verified.ok) return verified;

  const { accountKey, accountName } = verified;
  const moves = earlier?.accountKey !== accountKey && earlier && hasLists(connectionSettings.parse(earlier.settings));
  const known = moves ? await readLists(deps, { esp, accountKey }, parsed.credentials) : null;
  if (known && !known.ok) return { ok: false, errors: [{ field: "form", code: "unavailable" }] };

  const now = deps.now();
  const id = await makeConnection(deps, { shopId, esp });
  const proved = {
    credentials: sealCredentials(deps.keyring, id, parsed.credentials),
    masked: maskCredentials(esp, parsed.credentials),
    accountKey,
    accountName,
    pausedReason: null,
    updatedAt: now,
  };
  const listsLeft = await inLane(deps, shopId, id, async (tx) => {
    const current = await tx.connection.findUniqueOrThrow({ where: { shopId_id: { shopId, id } } });
    const kept = known && keepLists(connectionSettings.parse(current.settings), known.lists);
    if (current.accountKey !== accountKey) await forgetPeople(tx, shopId, id);
    await tx.connection.update({
      where: { shopId_id: { shopId, id } },
      data: {
        ...proved,
        state: current.state === "disabled" ? "disabled" : "connected",
        ...(current.state === "disconnected" && { connectedAt: now }),
        ...(kept && { settings: kept.settings }),
      },
    });
    return kept?.listsLeft ?? [];
  });
  return { ok: true, accountName, listsLeft };
}

/**
 * The one connection of a shop to an ESP; where there is none yet, one that is not connected. Credentials are sealed for
 * its id, so two who connect at once for the first time must have the same.
 * @returns its id
 */
async function makeConnection({ db, now }: DeliveryDeps, { shopId, esp }: Merchant): Promise<string> {
  const at = now();
  const settings = connectionSettings.parse({});
  await db.connection.createMany({
    data: { shopId, id: newId("con", at), esp, state: "disconnected", settings, connectedAt: at, updatedAt: at },
    skipDuplicates: true,
  });
  const made = await db.connection.findUniqueOrThrow({ where: { shopId_esp: { shopId, esp } }, select: { id: true } });
  return made.id;
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
  const found = await deps.db.connection.findUnique({ where: { shopId_esp: { shopId, esp } }, select: { id: true } });
  if (!found) return { ok: false, errors: [{ field: "form", code: "required" }] };
  const where = { shopId_id: { shopId, id: found.id } };
  return inLane(deps, shopId, found.id, async (tx) => {
    const stored = await tx.connection.findUniqueOrThrow({ where, select: { settings: true } });
    const parsed = parseSettings({ ...connectionSettings.parse(stored.settings), ...given });
    if (!parsed.ok) return parsed;
    await tx.connection.update({ where, data: { settings: parsed.settings, updatedAt: deps.now() } });
    return { ok: true };
  });
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
    return cardOf(deps, esp, connection, waitingIn.get(connection?.id ?? "") ?? 0);
  });
}

function cardOf(
  { keyring }: DeliveryDeps,
  esp: EspKey,
  connection: Connection | undefined,
  waiting: number,
): ConnectionCard {
  if (!connection) {
    const nothing = { masked: {}, accountName: null, pausedReason: null, lastSuccessAt: null };
    return { esp, state: "disconnected", ...nothing, waiting, settings: connectionSettings.parse({}) };
  }
  const { id, credentials, accountName, lastSuccessAt } = connection;
  const masked = Object.fromEntries(
    Object.keys(esps[esp].fields).flatMap((field) => {
      const value = (connection.masked as Prisma.JsonObject | null)?.[field];
      return typeof value === "string" ? [[field, value]] : [];
    }),
  );
  const settings = connectionSettings.parse(connection.settings);
  const card = { esp, masked, accountName, lastSuccessAt, waiting, settings };
  const { state, pausedReason } = connection;
  // Looked at here and not stored: where it was the keyring that was wrong, all is well again with the right one.
  const isUnreadable = state !== "disabled" && credentials !== null && !openCredentials(keyring, id, credentials);
  if (isUnreadable) return { ...card, state: "paused", pausedReason: "unreadable" };
  return { ...card, state: state as ConnectionState, pausedReason };
}

/**
 * Runs a change of a connection with its lane locked, and lets a worker look at the lane afterwards: no delivery is
 * planned or recorded meanwhile.
 */
export async function inLane<Result>(
  deps: DeliveryDeps,
  shopId: string,
  id: string,
  change: (tx: Prisma.TransactionClient) => Promise<Result>,
): Promise<Result> {
  return deps.db.$transaction(async (tx) => {
    await wakeLanes(tx, [{ id, shopId, kind: "delivery" }]);
    return change(tx);
  });
}
