import type { Shop } from "@prisma/client";
import { z } from "zod";
import type { Emission } from "#app/catalog/catalog.ts";
import { now } from "#app/clock.server.ts";
import { db } from "#app/db.server.ts";
import { writeOutbox } from "#app/delivery/outbox.ts";
import type { Context, ShopFacts, Task, Tx } from "#app/domain/context.ts";
import { enqueue } from "#app/queue/boss.ts";

/** How often a decision is run again when two of them met. */
const RETRIES = 4;
/**
 * Prisma's codes for a unique row that somebody else made first, and for a conflict or deadlock of transactions; of a raw
 * statement it only tells what PostgreSQL said: serialization_failure or deadlock_detected.
 */
const conflict = z.union([
  z.object({ code: z.enum(["P2002", "P2034"]) }),
  z.object({
    code: z.literal("P2010"),
    meta: z.object({
      driverAdapterError: z.object({ cause: z.object({ originalCode: z.enum(["40001", "40P01"]) }) }),
    }),
  }),
]);
/** A decision does no I/O but its queries; whoever takes longer is stuck. */
const TIMEOUT_MS = 15_000;

/** The shop was installed, but its currency and domain are not yet read from Shopify. */
export class ShopNotReady extends Error {
  override readonly name = "ShopNotReady";
}

/**
 * One decision = one transaction. What it emits and asks for is written at its end, in order, with the decision or not
 * at all; the lanes of the connections are therefore always locked last.
 *
 * A decision that meets another one (two first visits of one customer) is run again from its start, so it must keep
 * nothing outside its Context.
 * @throws ShopNotReady, and whatever `decide` throws
 */
export async function transact<T>(shopId: string, decide: (ctx: Context) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.$transaction((tx) => runDecision(tx, shopId, decide), {
        timeout: TIMEOUT_MS,
        maxWait: TIMEOUT_MS,
      });
    } catch (error) {
      if (attempt > RETRIES || !conflict.safeParse(error).success) throw error;
    }
  }
}

async function runDecision<T>(tx: Tx, shopId: string, decide: (ctx: Context) => Promise<T>): Promise<T> {
  const emissions: Emission[] = [];
  const tasks: Task[] = [];
  const at = now();
  const result = await decide({
    shop: factsOf(await tx.shop.findUniqueOrThrow({ where: { id: shopId } })),
    tx,
    now: at,
    emit: async (emission) => void emissions.push(emission),
    ask: async (task) => void tasks.push(task),
  });
  await writeOutbox(tx, shopId, at, emissions);
  for (const { kind, ...payload } of tasks) await enqueue(tx, kind, { shopId, ...payload });
  return result;
}

function factsOf(shop: Shop): ShopFacts {
  const { id, domain, name, locale, timezone, proxyPath, currency, primaryDomainUrl } = shop;
  if (!currency || !primaryDomainUrl) throw new ShopNotReady(`${domain} has no facts yet`);
  return { id, domain, name, locale, timezone, proxyPath, currency, primaryDomainUrl };
}
